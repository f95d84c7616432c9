"""Is every public name typed, documented and cheap to reach?"""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import json
import os
import pickle
import pkgutil
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import salescore

HEAVY = {"hypothesis", "matplotlib", "narwhals", "pandas", "polars", "pyarrow", "scipy"}
LABEL_KEYWORDS = {"at", "only"}
"""Methods whose keywords are the caller's own axis names."""


def _rooms() -> list[str]:
    """Name every module that a caller may import: no part of its path is private."""
    found = pkgutil.walk_packages(salescore.__path__, "salescore.")
    names = [module.name for module in found if "._" not in module.name]
    return ["salescore", *names]


ROOMS = _rooms()
every_room = pytest.mark.parametrize("room", ROOMS)


def _public(room: str) -> Iterator[tuple[str, object]]:
    module = importlib.import_module(room)
    for name in module.__all__:
        yield name, getattr(module, name)


def _callables(room: str) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, thing in _public(room):
        if inspect.isclass(thing) or inspect.isroutine(thing):
            yield name, thing


def _members(kind: type) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the public functions written in a class, those under properties too."""
    for name, member in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            yield name, typing.cast("Callable[..., object]", member.fget)
        elif inspect.isroutine(getattr(kind, name)):
            yield name, getattr(kind, name)


def _is_composite(thing: object) -> bool:
    """Tell a strategy that hypothesis wrapped: its hints are elsewhere, and it is never shipped."""
    return "<locals>" in getattr(thing, "__qualname__", "")


def _loaded(code: str) -> set[str]:
    """Name the top-level modules that a fresh interpreter holds after the code."""
    report = (
        "\nimport sys, json; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    run = subprocess.run(
        [sys.executable, "-c", code + report],
        capture_output=True,
        check=True,
        env=quiet,
        text=True,
    )
    return set(json.loads(run.stdout))


def _rank(name: str) -> tuple[int, str]:
    """Order names as ruff does: constants, then classes, then the rest."""
    if name.isupper():
        return 0, name
    return (1 if name[0].isupper() else 2), name


def _documented_constants() -> set[str]:
    """Name the module-level names of the library that have a string below them."""
    names = set[str]()
    for path in Path(str(salescore.__file__)).parent.rglob("*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for statement, below in itertools.pairwise(body):
            match statement, below:
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str())),
                ):
                    names.add(name)
                case _:
                    pass
    return names


CONSTANTS = _documented_constants()


def test_importing_salescore_loads_numpy_and_attrs_only() -> None:
    """All rooms together bring no third-party module but the two they need."""
    loaded = _loaded("from salescore import *") - _loaded("pass")
    third_party = loaded - sys.stdlib_module_names

    assert third_party <= {"attr", "attrs", "numpy", "salescore"}


def test_no_room_loads_a_frame_an_engine_or_a_picture() -> None:
    """The heavy packages stay away until a door that needs them is used."""
    doors = ("salescore.testing", "salescore.frames", "salescore.plot", "salescore.scale.")
    rooms = [room for room in ROOMS if not room.startswith(doors)]

    assert _loaded("\n".join(f"import {room}" for room in rooms)) & HEAVY == set()


@every_room
def test_each_room_presents_its_names(room: str) -> None:
    """``__all__`` is sorted, each name in it exists, and ``dir()`` tells the same."""
    module = importlib.import_module(room)
    names: list[str] = module.__all__

    assert names == sorted(set(names), key=_rank)
    assert [name for name in names if not hasattr(module, name)] == []
    assert module.__dir__() == names


@every_room
def test_every_public_name_says_what_it_answers(room: str) -> None:
    """Functions, classes and their methods have docstrings; constants a string below them."""
    silent = list[str]()
    for name, thing in _public(room):
        if inspect.isclass(thing):
            silent += [] if vars(thing).get("__doc__") else [name]
            silent += [
                f"{name}.{part}"
                for part, _ in _members(thing)
                if not inspect.getdoc(getattr(thing, part))
            ]
        elif inspect.isroutine(thing) or inspect.ismodule(thing):
            silent += [] if inspect.getdoc(thing) else [name]
        elif name not in CONSTANTS:
            silent.append(name)

    assert silent == []


@every_room
def test_type_hints_resolve_at_run_time(room: str) -> None:
    """Hypothesis, attrs and documentation tools can read every annotation."""
    for _, thing in _callables(room):
        if _is_composite(thing):
            continue
        assert isinstance(typing.get_type_hints(thing), dict)
        if inspect.isclass(thing):
            for _, member in _members(thing):
                assert isinstance(typing.get_type_hints(member), dict)


@every_room
def test_public_functions_and_classes_pickle_by_name(room: str) -> None:
    """An engine can ship every verb and every type to its workers."""
    for _, thing in _callables(room):
        if _is_composite(thing):
            continue
        assert pickle.loads(pickle.dumps(thing)) is thing


@every_room
def test_signatures_are_few_positional_and_closed(room: str) -> None:
    """At most three positional arguments, none of them a bool, and no ``**kwargs``."""
    for name, thing in _callables(room):
        functions = _members(thing) if inspect.isclass(thing) else [(name, thing)]
        for part, function in functions:
            parameters = [
                each
                for each in inspect.signature(function).parameters.values()
                if each.name not in {"self", "cls"}
            ]
            by_place = [
                each
                for each in parameters
                if each.kind in {each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD}
            ]
            label = f"{room}.{name} ({part})"

            assert len(by_place) <= 3, label
            assert not any(each.annotation in {"bool", bool} for each in by_place), label
            if part not in LABEL_KEYWORDS:
                assert not any(each.kind is each.VAR_KEYWORD for each in parameters), label


def test_a_room_is_loaded_when_it_is_first_named() -> None:
    """The package gives rooms and names on demand, and an error for anything else."""
    for name in salescore.__all__:
        assert salescore.__getattr__(name) is getattr(salescore, name)
    with pytest.raises(AttributeError, match="module 'salescore' has no attribute 'nowhere'"):
        salescore.__getattr__("nowhere")
