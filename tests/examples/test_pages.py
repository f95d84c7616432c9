"""The pages show what the rooms can do, and call it by names that exist."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from salescore import activity, core, customers, growth, prospects, scorecards, targets, visits
from salescore.customers import weights

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(DOCS.glob("howto/*.md")) + sorted(DOCS.glob("tutorials/*.md"))
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")


def verbs(room: ModuleType) -> list[str]:
    """Name the functions that a room presents."""
    return [name for name in room.__all__ if inspect.isfunction(getattr(room, name))]


def rows(heading: str) -> list[list[str]]:
    """Give the cells of all tables below a heading of the glossary, down to the next one."""
    part = re.split(r"^## ", GLOSSARY, flags=re.MULTILINE)
    (chosen,) = [text for text in part if text.startswith(heading)]
    lines = [line.strip("| ").split(" | ") for line in chosen.splitlines() if line[:1] == "|"]
    return [line for line in lines if line[0] != "English" and not line[0].startswith("---")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_is_linked_from_the_first(page: Path) -> None:
    """Who opens the first page finds each how-to page and tutorial."""
    index = (DOCS / "index.md").read_text(encoding="utf-8")

    assert f"({page.relative_to(DOCS).as_posix()})" in index


@pytest.mark.parametrize(
    "room",
    [activity, customers, weights, prospects, targets, scorecards],
    ids=lambda room: room.__name__,
)
def test_every_verb_stands_in_an_example(room: ModuleType) -> None:
    """Each verb of the room is called in a page that runs."""
    code = "\n".join(
        line
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith((">>>", "..."))
    )

    assert [name for name in verbs(room) if not re.search(rf"\b{name}\(", code)] == []


@pytest.mark.parametrize(
    ("heading", "room"),
    [
        ("The target plan", targets),
        ("Customers", customers),
        ("Prospects", prospects),
        ("Activity", activity),
        ("Visits", visits),
        ("Results", growth),
        ("Scorecards", scorecards),
    ],
)
def test_the_glossary_names_what_exists(heading: str, room: ModuleType) -> None:
    """A class, constant or function it names is public, and so is the field after a dot."""
    for row in rows(heading):
        for code in re.findall(r"`((?:[A-Z]|weights\.)\w*(?:\.\w+)?)`", row[-1]):
            place: object = room if hasattr(room, code.split(".")[0]) else core
            for step in code.split("."):
                place = getattr(place, step)


@pytest.mark.parametrize(
    ("heading", "room"),
    [
        ("The target plan", targets),
        ("Activity", activity),
        ("Customers", customers),
        ("Prospects", prospects),
        ("Scorecards", scorecards),
    ],
)
def test_the_glossary_has_every_verb_in_both_languages(heading: str, room: ModuleType) -> None:
    """Each verb stands in a row that has an English and a Chinese term."""
    listed = rows(heading)
    named = set(re.findall(r"\w+", " ".join(row[-1] for row in listed)))

    assert [name for name in verbs(room) if name not in named] == []
    for row in listed:
        assert len(row) in {3, 4}, row
        assert re.search("[\u4e00-\u9fff]", row[1]), row


def test_every_public_name_of_targets_stands_in_the_glossary() -> None:
    """Whoever meets a name of the room finds its meaning and its Chinese term."""
    named = set(re.findall(r"\w+", " ".join(row[-1] for row in rows("The target plan"))))

    assert [name for name in targets.__all__ if name not in named] == []
