"""How are the pages built?"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import re
import sys
from functools import cache
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
from sphinx.addnodes import pending_xref
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.inspect import TypeAliasForwardRef

import salescore.typing as aliases

if TYPE_CHECKING:
    from docutils.nodes import Element, document
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

# Inside a union or a mapping Sphinx shows an alias by its repr; the name alone is meant.
TypeAliasForwardRef.__repr__ = lambda alias: alias.name

LONG_VALUE = 80
HERE = Path(__file__).resolve().parent


def _stands(room: str) -> bool:
    spec = importlib.util.find_spec(f"salescore.{room}")
    return spec is not None and spec.origin is not None


PAGES = sorted(path.stem for path in (HERE / "api").glob("*.md"))
ROOMS = [page for page in PAGES if _stands(page)]

project = "salescore"
author = "The salescore authors"
copyright = author
release = installed("salescore")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", *(f"api/{page}.md" for page in PAGES if page not in ROOMS)]
html_theme = "furo"
html_title = f"salescore {release}"
html_copy_source = False
default_role = "code"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

add_module_names = False
autodoc_default_options = {"members": True}
autodoc_member_order = "groupwise"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_type_aliases = {name: name for name in aliases.__all__}
# The type slot holds shapes and words, which are no names to look up.
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_use_rtype = False

# Other people's names, documented on pages that this build does not fetch.
nitpick_ignore = [
    ("py:class", "salescore.customers._stakes.Remark"),  # a finding and the money at stake
    ("py:class", "Points"),  # what the measures of a month earned
    ("py:class", "st.SearchStrategy"),  # as hypothesis spells its own alias
    ("py:class", "salescore.targets._breakback.Memory"),  # a revision's own notes
]
nitpick_ignore_regex = [
    ("py:.*", rf"({'|'.join(names)})")
    for names in (
        [r"(np|numpy|collections|decimal|fractions|datetime|typing|enum|hypothesis|attrs?)\..*"],
        ["Any", "Literal", "NDArray", "Self", "TypeVar", "bool_", "datetime64", "dtype", "float64"],
        ["int64", "ndarray", "uint8", "Callable", "Collection", "Decimal", "Fraction", "IntEnum"],
        ["Iterable", "Iterator", "Mapping", "SearchStrategy", "Sequence", "date"],
    )
]


def _public_paths() -> dict[str, str]:
    """Tell the one public path of each short name."""
    return {
        name: f"salescore.{room}.{name}"
        for room in ROOMS
        for name in getattr(importlib.import_module(f"salescore.{room}"), "__all__", [])
    }


PATHS = _public_paths()


def say_whose(_app: Sphinx, doctree: document) -> None:
    """Say of which room a short name is, since two rooms may have one of that name."""
    for node in doctree.findall(pending_xref):
        room, short = ".".join(str(node.get("py:module")).split(".")[:2]), node.get("reftarget", "")
        if node.get("refdomain") != "py":
            continue
        if short in getattr(sys.modules.get(room), "__all__", []):
            node["reftarget"] = f"{room}.{short}"
        elif short in aliases.__all__:
            node["reftarget"] = f"salescore.typing.{short}"
        elif home := _home(room, short):
            node["reftarget"] = f"{home}.{short}"


@cache
def _home(room: str, short: str) -> str:
    """Tell which room presents a name that the files of another one import."""
    files = (module for name, module in sorted(sys.modules.items()) if name.startswith(f"{room}."))
    for file in files:
        made = str(getattr(vars(file).get(short), "__module__", ""))
        home = ".".join(made.split(".")[:2])
        if short in getattr(sys.modules.get(home), "__all__", []):
            return home
    return ""


def resolve_short_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element
) -> Element | None:
    """Link ``LabelError`` or ``salescore.core._cells.Cells`` to its public path."""
    module, _, short = str(node.get("reftarget", "")).rpartition(".")
    if isinstance(getattr(sys.modules.get(module), short, None), TypeVar):
        return content
    if node.get("refdomain") != "py" or short not in PATHS:
        return None
    python = env.get_domain("py")
    for role in ("obj", "class", "exc", "data"):
        found = python.resolve_xref(
            env, node["refdoc"], app.builder, role, PATHS[short], node, content
        )
        if found is not None:
            return found
    return content


def show_default(
    _app: Sphinx, _what: str, _name: str, obj: Any, _options: Any, signature: str, returns: str
) -> tuple[str, str] | None:
    """Show the defaults of attrs fields as they are, not as attrs looks them up."""
    if "attr_dict" not in (signature or ""):
        return None
    fields = attrs.fields_dict(obj)
    looked_up = r"attr_dict\['(\w+)'\]\.default"
    return re.sub(looked_up, lambda found: repr(fields[found[1]].default), signature), returns


def gather_constants(room: str) -> None:
    """Let a room's page show the constants whose text stands below them in a private file."""
    home = importlib.import_module(f"salescore.{room}")
    shown = ModuleAnalyzer.for_module(home.__name__)
    shown.analyze()
    for statement in ast.parse(inspect.getsource(home)).body:
        if not isinstance(statement, ast.ImportFrom) or "._" not in str(statement.module):
            continue
        private = ModuleAnalyzer.for_module(str(statement.module))
        private.analyze()
        for name in (alias.name for alias in statement.names):
            if text := private.attr_docs.get(("", name)):
                long = len(repr(getattr(home, name))) > LONG_VALUE
                shown.attr_docs["", name] = [*text, "", ":meta hide-value:", ""] if long else text


def shield_colon(
    _app: Sphinx, what: str, _name: str, _obj: Any, _options: Any, lines: list[str]
) -> None:
    """Keep napoleon from reading the words before a colon as the type of a constant."""
    if what in {"attribute", "data", "property"}:
        lines[:0] = ["..", ""]


def setup(app: Sphinx) -> None:
    """Add the handlers."""
    for room in (*ROOMS, "customers.weights"):
        gather_constants(room)
    app.connect("autodoc-process-docstring", shield_colon, priority=400)
    app.connect("doctree-read", say_whose)
    app.connect("missing-reference", resolve_short_name)
    app.connect("autodoc-process-signature", show_default)
