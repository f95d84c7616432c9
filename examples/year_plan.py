"""Plan next year for a company: read its orders, answer everything, write one HTML page.

    python examples/year_plan.py                                   a built-in sample company
    python examples/year_plan.py --adventureworks ../shared/data/adventureworks
    python examples/year_plan.py --orders orders.csv --unit CNY:100

All reading and writing of files is in this folder; the library computes.
"""

from __future__ import annotations

import argparse
import sys
import time
from fractions import Fraction
from pathlib import Path

import adventureworks
import orders_csv
import planning
import report
import sample_company
from company import Company

from salescore import SalescoreError, Unit

OUT = Path(__file__).resolve().parent / "out" / "year_plan.html"


def main(arguments: list[str] | None = None) -> int:
    """Run the plan; gives the exit code."""
    options = _options().parse_args(arguments)
    start = time.perf_counter()

    def progress(step: str) -> None:
        print(f"[{time.perf_counter() - start:5.1f} s] {step} ...", file=sys.stderr, flush=True)

    try:
        company = _company(options, progress)
        target = None if options.target is None else company.unit.read(options.target)
        rise = Fraction(options.growth)
        plan = planning.make(company, target=target, rise=rise, progress=progress)
    except SalescoreError as error:
        print(f"year_plan: {error}", file=sys.stderr)
        return 1
    progress("writing the report")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(report.html(plan, options.language), encoding="utf-8")
    print(report.summary(plan, options.language))
    print(f"\nReport: {options.out}")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Plan next year for a company.",
        epilog=f"Columns of your own files:\n{orders_csv.HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--adventureworks", type=Path, metavar="FOLDER", help="its extracts")
    source.add_argument("--orders", type=Path, metavar="CSV", help="order lines of your own")
    parser.add_argument("--quotas", type=Path, metavar="CSV", help="quotas, with --orders")
    parser.add_argument("--customers", type=Path, metavar="CSV", help="points, with --orders")
    parser.add_argument("--unit", type=_unit, default=Unit("CNY", 100), metavar="CODE:SCALE")
    parser.add_argument("--year-starts", type=int, default=1, metavar="MONTH")
    parser.add_argument("--target", help="next year's target, in whole units")
    parser.add_argument("--growth", default="0.12", help="rise over last year without --target")
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    parser.add_argument("--out", type=Path, default=OUT, metavar="HTML")
    return parser


def _unit(text: str) -> Unit:
    code, _, scale = text.partition(":")
    return Unit(code, int(scale or "1"))


def _company(options: argparse.Namespace, progress: planning.Progress) -> Company:
    if options.adventureworks:
        return adventureworks.read(options.adventureworks, progress)
    if options.orders:
        return orders_csv.read(
            options.orders,
            options.quotas,
            options.customers,
            unit=options.unit,
            year_starts=options.year_starts,
            progress=progress,
        )
    return sample_company.make(progress)


if __name__ == "__main__":
    raise SystemExit(main())
