"""The names of mutants: what is changed into what, in few words."""

import re

from sqlglot import exp

STANDS_IN = re.compile(r"\bvalue_of_(\w+)_here\b")
SHOWN = 90


def label_of(name: str, before: exp.Expression, after: exp.Expression | None, dialect: str) -> str:
    """A change of a node; of an operator, between what it stands."""
    if isinstance(before, exp.Binary) and isinstance(after, exp.Binary):
        sides = [_shorten(side.sql(dialect), SHOWN // 2) for side in (before.left, before.right)]
        return f"{sides[0]} [{_sign(before)} -> {_sign(after)}] {sides[1]}"
    if isinstance(before, exp.Literal | exp.Boolean) and after and before.parent:
        of = before.parent.sql(dialect) if isinstance(before.parent, exp.Expression) else ""
        return f"{name}: {before.sql(dialect)} -> {after.sql(dialect)} in {_shorten(of)}"
    return f"{name}: {_shorten(before.sql(dialect))}" + (f" -> {_shorten(after.sql(dialect))}" if after else "")


def _sign(node: exp.Binary) -> str:
    """The operator itself, as SQL has it between its sides."""
    return type(node)(this=exp.column("a"), expression=exp.column("b")).sql("duckdb")[2:-2]


def _shorten(text: str, most: int = SHOWN) -> str:
    text = STANDS_IN.sub(r"{\1}", " ".join(text.split()))
    return text if len(text) <= most else f"{text[: most - 24]} … {text[-21:]}"
