"""Does every file of the library stay pure, small and documented?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "salescore"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 450
"""Lines of a file; at 400 a split is due."""

LONGEST_FUNCTION = 60
"""Lines of a function without its docstring; at 40 a split is due."""

CALLS = {"__import__", "breakpoint", "eval", "exec", "globals", "input", "open", "print"}
ATTRIBUTES = {"bincount", "now", "random", "today", "utcnow"}
CLOCK_WORDS = {"now", "today"}

every_file = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix()
)


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _impurities(tree: ast.Module) -> list[str]:
    """List what in the tree reads the clock, draws, talks, or loses cents."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)]
    return [f"line {node.lineno}: {what}" for node in nodes if (what := _impurity(node))]


def _impurity(node: ast.expr | ast.stmt) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            return f"{name}()"
        case ast.Call(
            func=ast.Attribute(attr="datetime64"), args=[ast.Constant(value=str(word)), *_]
        ) if word in CLOCK_WORDS:
            return f"datetime64({word!r})"
        case ast.Attribute(attr=name) if name in ATTRIBUTES:
            return f".{name}"
        case ast.Import(names=aliases):
            return _banned_import([alias.name for alias in aliases])
        case ast.ImportFrom(module=str(module), names=aliases):
            return _banned_import([f"{module}.{alias.name}" for alias in aliases])
        case _:
            return ""


def _banned_import(paths: list[str]) -> str:
    banned = ("numpy.bincount", "numpy.random")
    return ", ".join(path for path in paths if path.startswith(banned))


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function from ``def`` to its end, without its docstring."""
    last = function.end_lineno or function.lineno
    lines = last - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        text = function.body[0]
        lines -= (text.end_lineno or text.lineno) - text.lineno + 1
    return lines


@every_file
def test_no_file_reads_the_clock_draws_or_talks(path: Path) -> None:
    """No I/O, no clock, no chance, and no group sums in floats."""
    assert _impurities(_parse(path)) == []


@every_file
def test_every_file_says_which_question_it_answers(path: Path) -> None:
    """The first line of a module is one whole sentence."""
    text = ast.get_docstring(_parse(path))

    assert text is not None
    assert text.splitlines()[0].endswith((".", "?"))


@every_file
def test_no_file_grows_past_the_limit(path: Path) -> None:
    """A file that is longer than the limit holds more than one question."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@every_file
def test_no_function_grows_past_the_limit(path: Path) -> None:
    """A function that is longer than the limit does more than one thing."""
    functions = [
        node
        for node in ast.walk(_parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    too_long = {node.name: _length(node) for node in functions if _length(node) > LONGEST_FUNCTION}

    assert too_long == {}


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now()",
        "date.today()",
        "np.datetime64('today', 'D')",
        "np.random.default_rng(0)",
        "from numpy import random",
        "import numpy.random as nr",
        "from numpy.random import default_rng",
        "np.bincount(codes, weights=amount)",
        "from numpy import bincount",
        "print(total)",
        "open('plan.csv')",
        "eval('1')",
    ],
)
def test_the_watch_sees_each_impurity(code: str) -> None:
    """Each banned form is seen, so that an empty list means a clean file."""
    assert len(_impurities(ast.parse(code))) == 1


def test_the_docstring_does_not_count_as_length() -> None:
    """A long explanation does not make a function too long."""
    (function,) = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1').body

    assert isinstance(function, ast.FunctionDef)
    assert _length(function) == 2
