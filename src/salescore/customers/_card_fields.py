"""Which fields a customer's card has, what each is called, and how much it counts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self, TypeAlias

from attrs import evolve, field, frozen

from salescore.core import Text, day, listed, one_of, whole
from salescore.errors import LabelError, SalescoreError

__all__ = [
    "INFO_FORM",
    "STRATEGY_FORM",
    "CardField",
    "CardForm",
    "FieldKind",
    "check_type",
    "read_day",
    "read_entry",
]

FieldKind: TypeAlias = Literal["text", "number", "money", "percent", "day", "list"]
"""What a field of a card holds."""

KINDS = ("text", "number", "money", "percent", "day", "list")


@frozen
class CardField:
    """One field of a card.

    Parameters
    ----------
    key : str
        English code; the attribute of the card and the name of the column.
    text : Text
        What people read.
    kind : {"text", "number", "money", "percent", "day", "list"}, default "text"
        Words; a whole number >= 0; one in the smallest unit of money; one from 0 to 100; a day;
        or any number of entries.
    weight : int, default 1
        How much it counts for completeness, >= 0.
    required : bool, default False
        Whether a card without it is remarked on.

    Raises
    ------
    LabelError
        For an empty key.
    SalescoreError
        For an unknown kind, a weight below 0, and parts of another type.

    Examples
    --------
    >>> CardField("bank", Text("Bank", "开户银行"), weight=2).kind
    'text'
    """

    key: str
    text: Text
    kind: FieldKind = "text"
    weight: int = field(default=1, kw_only=True)
    required: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        name: Any = self.key
        if not isinstance(name, str) or not name:
            rule = "a text that is not empty"
            raise LabelError("key of a card field", expected=rule, got=repr(name))
        check_type(self.text, Text, f"text of card field {name!r}")
        one_of(self.kind, f"kind of card field {name!r}", KINDS)
        weight = whole(self.weight, f"weight of card field {name!r}", least=0)
        object.__setattr__(self, "weight", weight)
        check_type(self.required, bool, f"required of card field {name!r}")


@frozen
class CardForm:
    """The fields of a card, by which its completeness is judged.

    Parameters
    ----------
    title : Text
        What the card is called.
    fields : iterable of CardField
        In the order in which they are listed; all keys differ and some weight is above 0.

    Raises
    ------
    LabelError
        For a key named twice.
    SalescoreError
        When no field counts, or a part is no field.

    Examples
    --------
    >>> INFO_FORM.total, INFO_FORM.field("bank").text.to("zh")
    (50, '开户银行')
    >>> INFO_FORM.with_weights({"bank": 5}).total
    54
    """

    title: Text
    fields: tuple[CardField, ...] = field(converter=listed)

    def __attrs_post_init__(self) -> None:
        check_type(self.title, Text, "title of a card form")
        for each in self.fields:
            check_type(each, CardField, "field of a card form")
        keys = self.keys
        if len(set(keys)) != len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            rule = "different keys"
            raise LabelError("fields of a card form", expected=rule, got=f"{twice!r} twice")
        if not self.total:
            what = "weights of a card form"
            raise SalescoreError(what, expected="one that is above 0", got="none")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the fields, in their order."""
        return tuple(each.key for each in self.fields)

    @property
    def total(self) -> int:
        """What the weights add up to; at least 1."""
        return sum(each.weight for each in self.fields)

    def field(self, key: str) -> CardField:
        """Find a field.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        CardField
            The field.

        Raises
        ------
        LabelError
            For a key the form does not have.
        """
        self.check_known([key])
        return self.fields[self.keys.index(key)]

    def with_weights(self, weights: Mapping[str, int]) -> Self:
        """Give the form with other weights.

        Parameters
        ----------
        weights : mapping of str to int
            The new weight of each field named; the others stay.

        Returns
        -------
        CardForm
            A copy.

        Raises
        ------
        LabelError
            For a key the form does not have.
        SalescoreError
            For weights below 0, and when no field counts any more.
        """
        self.check_known(weights)
        fields = [evolve(each, weight=weights.get(each.key, each.weight)) for each in self.fields]
        return evolve(self, fields=fields)

    def with_required(self, keys: Iterable[str]) -> Self:
        """Give the form with other required fields.

        Parameters
        ----------
        keys : iterable of str
            The fields that are required; the others no longer are.

        Returns
        -------
        CardForm
            A copy.

        Raises
        ------
        LabelError
            For a key the form does not have.
        """
        wanted = set(keys)
        self.check_known(sorted(wanted))
        fields = [evolve(each, required=each.key in wanted) for each in self.fields]
        return evolve(self, fields=fields)

    def check_known(self, keys: Iterable[str]) -> None:
        """Raise LabelError unless the form has all of these fields."""
        unknown = [key for key in keys if key not in self.keys]
        if unknown:
            rule = f"one of {self.keys}"
            got = ", ".join(map(repr, unknown))
            raise LabelError("field of a card", expected=rule, got=got)


def check_type(value: object, kind: type, what: str) -> None:
    """Raise unless a value is of a type."""
    if not isinstance(value, kind):
        raise SalescoreError(what, expected=kind.__name__, got=repr(value))


def read_entry(value: Any, kind: FieldKind, what: str) -> Any:
    """Read one entry of a card as its kind; blank words become None, a day becomes a date."""
    if value is None:
        return None
    if kind == "text":
        check_type(value, str, what)
        return value if value.strip() else None
    if kind == "day":
        return read_day(value, what)
    if kind == "list":
        return value
    number = whole(value, what, least=0)
    if kind == "percent" and number > 100:
        raise SalescoreError(what, expected="a whole number from 0 to 100", got=number)
    return number


def read_day(value: Any, what: str) -> datetime.date:
    """Read one day as a date."""
    text = str(day(value, what))
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise SalescoreError(what, expected="a day of the years 1 to 9999", got=text) from error


INFO_FORM = CardForm(
    Text("Customer information card", "客户信息卡"),
    (
        CardField("name", Text("Name", "客户名称"), weight=3, required=True),
        CardField("legal_form", Text("Legal form", "企业性质")),
        CardField("founded", Text("Founded on", "成立日期"), "day"),
        CardField("owner", Text("Owner or legal representative", "法定代表人"), weight=2),
        CardField("region", Text("Region", "所属区域"), weight=2, required=True),
        CardField("address", Text("Address", "地址"), weight=2, required=True),
        CardField(
            "contacts", Text("Contacts", "联系人及决策权"), "list", weight=5, required=True
        ),
        CardField("industry", Text("Industry", "所属行业")),
        CardField("scope", Text("Business scope", "经营范围"), weight=2, required=True),
        CardField("employees", Text("Employees", "员工人数"), "number"),
        CardField("turnover", Text("Turnover of a year", "年营业额"), "money", weight=3),
        CardField("purchases", Text("Purchases of a year in our field", "年采购额"), "money",
                  weight=3),
        CardField("our_share", Text("Our share of its purchases", "我方占比"), "percent", weight=2),
        CardField("products", Text("Products it buys from us", "购买我方产品"), "list", weight=3),
        CardField("competitors", Text("Competitors and their shares", "竞争对手及占比"), "list",
                  weight=3),
        CardField("bank", Text("Bank", "开户银行")),
        CardField("credit_limit", Text("Credit limit", "信用额度"), "money", weight=3),
        CardField(
            "payment_days", Text("Days to pay", "账期天数"), "number", weight=2, required=True
        ),
        CardField("payment_method", Text("Way of payment", "付款方式")),
        CardField("payment_record", Text("How it paid so far", "付款记录"), weight=3),
        CardField("customer_since", Text("Customer since", "合作起始日"), "day"),
        CardField("history", Text("History of the relation", "合作历史"), weight=2),
        CardField("responsible", Text("Responsible salesperson", "负责业务员"), weight=2,
                  required=True),
        CardField("updated", Text("Updated on", "更新日期"), "day"),
    ),
)  # fmt: skip
"""The fields of `InfoCard`: what field sales records of a customer (客户信息卡).

The weights put first who decides there (``contacts`` 5), then what the business is worth and how
it is paid for (turnover, purchases, products, competitors, credit limit, payment record 3 each);
details count 1. They are a starting
point: `CardForm.with_weights` and `CardForm.with_required` state others.
"""

STRATEGY_FORM = CardForm(
    Text("Customer strategy card", "客户战略卡"),
    (
        CardField("tier", Text("Tier", "客户类别"), weight=2, required=True),
        CardField("objective", Text("What we want", "合作目标"), weight=3, required=True),
        CardField("until", Text("Until", "目标日期"), "day", weight=2, required=True),
        CardField("sales", Text("Sales of a year now", "目前年销售额"), "money", weight=2),
        CardField(
            "target_sales", Text("Target sales of a year", "目标年销售额"), "money", weight=3,
            required=True
        ),
        CardField("our_share", Text("Our share now", "目前占比"), "percent", weight=2),
        CardField("target_share", Text("Target share", "目标占比"), "percent", weight=2),
        CardField("competitors", Text("Competitors", "竞争对手态势"), "list", weight=3),
        CardField("key_people", Text("Key people", "关键人物"), "list", weight=3, required=True),
        CardField("actions", Text("Actions", "行动计划"), "list", weight=3, required=True),
        CardField("resources", Text("Resources promised", "投入资源"), "list", weight=2),
        CardField("risks", Text("Risks", "风险")),
        CardField("responsible", Text("Responsible", "负责人"), weight=2, required=True),
    ),
)  # fmt: skip
"""The fields of `StrategyCard`: what we want of a customer and how (客户战略卡)."""
