"""How do the tests run: which examples of the pages count, and how patient is hypothesis?"""

from __future__ import annotations

from doctest import NORMALIZE_WHITESPACE

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

# A deadline measures the machine, not the law. The gate asks for hypothesis's own profile "ci".
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=NORMALIZE_WHITESPACE),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
).pytest()
