"""Mutations of SQL: one small change of a parsed statement each, as a wrong author might have written it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from tests.mutation.labels import STANDS_IN, label_of

PLACEHOLDER = re.compile(r"\{(\w+)\}")

SWAPS: dict[type[exp.Expression], type[exp.Expression]] = {
    **{exp.EQ: exp.NEQ, exp.NEQ: exp.EQ, exp.NullSafeEQ: exp.NullSafeNEQ, exp.NullSafeNEQ: exp.NEQ},
    **{exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT},
    **{exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul, exp.IntDiv: exp.Mul, exp.Mod: exp.Mul},
    **{exp.And: exp.Or, exp.Or: exp.And},
    **{exp.Sum: exp.Max, exp.Max: exp.Min, exp.Min: exp.Max, exp.Avg: exp.Max, exp.Median: exp.Max},
    **{exp.LogicalOr: exp.LogicalAnd, exp.LogicalAnd: exp.LogicalOr, exp.ArgMax: exp.ArgMin, exp.ArgMin: exp.ArgMax},
    **{exp.Lag: exp.Lead, exp.Lead: exp.Lag, exp.Greatest: exp.Least, exp.Least: exp.Greatest},
}
RENAMES = {"arg_min_null": "arg_max_null", "arg_max_null": "arg_min_null"}
# Only the first argument is left.
UNWRAPPED = (exp.Coalesce, exp.Nullif, exp.Abs, exp.Neg, exp.Round)

Change = Callable[[exp.Expression], exp.Expression | None]


@dataclass(frozen=True)
class Mutant:
    """A statement with one change; `name` says which, the same each time."""

    name: str
    sql: str


def round_trip(sql: str, dialect: str) -> str:
    """A statement parsed and written again, unchanged."""
    return _write(_parse(sql, dialect), dialect)


def mutants(sql: str, dialect: str) -> list[Mutant]:
    """Every mutant of a statement, or of several parted by semicolons; `{name}` stays where a value goes."""
    trees = _parse(sql, dialect)
    seen, names, made = {_write(trees, dialect)}, Counter[str](), []
    for place, node in enumerate(_nodes(trees)):
        for name, change in _changes(node):
            changed = [tree.copy() for tree in trees]
            after = change(_nodes(changed)[place])
            text = _write(changed, dialect)
            if text in seen:
                continue
            seen.add(text)
            label = label_of(name, node, after, dialect)
            names[label] += 1
            made.append(Mutant(label if names[label] == 1 else f"{label} #{names[label]}", text))
    return made


def _parse(sql: str, dialect: str) -> list[exp.Expression]:
    text = PLACEHOLDER.sub(r"value_of_\1_here", sql)
    return [exp.Paren(this=tree) for tree in sqlglot.parse(text, dialect=dialect) if tree]


def _write(trees: list[exp.Expression], dialect: str) -> str:
    text = ";\n".join(tree.this.sql(dialect, comments=False) for tree in trees)
    return STANDS_IN.sub(r"{\1}", text)


def _nodes(trees: list[exp.Expression]) -> list[exp.Expression]:
    return [node for tree in trees for node in tree.this.walk(bfs=False)]


def _changes(node: exp.Expression) -> Iterator[tuple[str, Change]]:
    if type(node) in SWAPS:
        yield "swap", _swapped
    for kind, changes in BY_KIND.items():
        if isinstance(node, kind):
            yield from changes(node)
    if _is_conjunct(node):
        yield "drop condition", lambda old: old.replace(exp.true()) and None


def _swapped(old: exp.Expression) -> exp.Expression:
    return old.replace(SWAPS[type(old)](**{name: value for name, value in old.args.items() if name != "comments"}))


def _is_conjunct(node: exp.Expression) -> bool:
    """Whether it is a whole condition of WHERE, HAVING, QUALIFY or ON, or a part of it between ANDs."""
    if isinstance(node, exp.And) or not isinstance(node.parent, exp.Expression):
        return False
    top = node
    while isinstance(top.parent, exp.And | exp.Paren) and not isinstance(top.parent, exp.Subquery):
        top = top.parent
    held_by = top.parent
    return (isinstance(held_by, exp.Where | exp.Having | exp.Qualify) and held_by.this is top) or (
        isinstance(held_by, exp.Join) and held_by.args.get("on") is top
    )


def _literals(node: exp.Literal) -> Iterator[tuple[str, Change]]:
    if not node.is_string and not isinstance(node.parent, exp.DataTypeParam | exp.Interval):
        number = float(node.this) if re.search(r"[.e]", node.this, re.IGNORECASE) else int(node.this)
        yield "constant", lambda old: old.replace(exp.Literal.number(number + 1))


def _booleans(node: exp.Boolean) -> Iterator[tuple[str, Change]]:
    yield "constant", lambda old: old.replace(exp.Boolean(this=not node.this))


def _negations(_: exp.Not) -> Iterator[tuple[str, Change]]:
    yield "drop NOT", lambda old: old.replace(old.this)


def _tests(node: exp.Expression) -> Iterator[tuple[str, Change]]:
    if not isinstance(node.parent, exp.Not):
        yield "negate", lambda old: old.replace(exp.Not(this=old.copy()))


def _elements(node: exp.In) -> Iterator[tuple[str, Change]]:
    yield from _tests(node)
    for place in range(len(node.expressions) if len(node.expressions) > 1 else 0):
        yield f"drop {node.expressions[place].sql()} from", lambda old, at=place: old.expressions[at].pop() and None


def _ends(node: exp.Between) -> Iterator[tuple[str, Change]]:
    for low, high in ((exp.GT, exp.LTE), (exp.GTE, exp.LT)):
        yield (
            "end of BETWEEN",
            lambda old, low=low, high=high: old.replace(
                exp.Paren(
                    this=exp.And(
                        this=low(this=old.this.copy(), expression=old.args["low"].copy()),
                        expression=high(this=old.this.copy(), expression=old.args["high"].copy()),
                    )
                )
            ),
        )


def _joins(node: exp.Join) -> Iterator[tuple[str, Change]]:
    side, kind = node.side.upper(), node.kind.upper()
    if kind in ("SEMI", "ANTI"):
        yield "join kind", lambda old: _set(old, kind={"SEMI": "ANTI", "ANTI": "SEMI"}[kind])
    elif side == "FULL":
        yield "join kind", lambda old: _set(old, side="LEFT")
        yield "join kind", lambda old: _set(old, side="RIGHT")
    elif side:
        yield "join kind", lambda old: _set(old, side=None, kind=None)
    elif node.args.get("on") or node.args.get("using"):
        yield "join kind", lambda old: _set(old, side="LEFT", kind=None)
    for place in range(len(using) if len(using := node.args.get("using") or []) > 1 else 0):
        yield f"drop {using[place].sql()} from USING", lambda old, at=place: old.args["using"].pop(at) and None


def _set(old: exp.Expression, **args: str | None) -> exp.Expression:
    for name, value in args.items():
        old.set(name, value)
    return old


def _counts(node: exp.Count) -> Iterator[tuple[str, Change]]:
    if isinstance(node.this, exp.Distinct):
        yield "drop DISTINCT", lambda old: _set(old, this=old.this.expressions[0])
    elif not isinstance(node.this, exp.Star) and node.this:
        yield "add DISTINCT", lambda old: _set(old, this=exp.Distinct(expressions=[old.this.copy()]))


def _unwrapped(_: exp.Expression) -> Iterator[tuple[str, Change]]:
    yield "unwrap", lambda old: old.replace(old.this)


def _renamed(node: exp.Anonymous) -> Iterator[tuple[str, Change]]:
    if node.name.lower() in RENAMES:
        yield "swap", lambda old: _set(old, this=RENAMES[old.name.lower()])


def _orders(node: exp.Ordered) -> Iterator[tuple[str, Change]]:
    statement = node.parent.parent if node.parent else None
    is_of_all = statement is not None and statement.parent is not None and statement.parent.parent is None
    name = "direction of the rows" if is_of_all else "direction"
    yield name, lambda old: _set(old, desc=not old.args.get("desc"), nulls_first=None)


def _windows(node: exp.Window) -> Iterator[tuple[str, Change]]:
    for place, key in enumerate(node.args.get("partition_by") or []):
        yield f"drop PARTITION BY {key.sql()}", lambda old, at=place: old.args["partition_by"].pop(at) and None
    if node.args.get("spec"):
        yield "drop frame", lambda old: _set(old, spec=None)


def _unions(node: exp.SetOperation) -> Iterator[tuple[str, Change]]:
    if isinstance(node, exp.Union):
        yield "union kind", lambda old: _set(old, distinct=not old.args.get("distinct")) and None
    yield "left side only of", lambda old: old.replace(old.this) and None
    if not node.args.get("by_name"):
        yield "right side only of", lambda old: old.replace(_with_ctes(old)) and None


def _with_ctes(union: exp.SetOperation) -> exp.Expression:
    right = union.expression
    for name in ("with_", "with"):
        if union.args.get(name):
            right.set(name, union.args[name])
    return right


def _selects(node: exp.Select) -> Iterator[tuple[str, Change]]:
    if node.args.get("distinct"):
        yield "drop DISTINCT", lambda old: _set(old, distinct=None) and None


def _cases(node: exp.Case) -> Iterator[tuple[str, Change]]:
    branches = node.args["ifs"]
    for place, branch in enumerate(branches):
        name = f"drop branch {branch.this.sql()} of"
        if len(branches) > 1:
            yield name, lambda old, at=place: old.args["ifs"].pop(at) and None
        else:
            yield name, lambda old: old.replace(old.args.get("default") or exp.null())
            yield "only branch of", lambda old: old.replace(old.args["ifs"][0].args["true"])
    if node.args.get("default"):
        yield "drop ELSE of", lambda old: _set(old, default=None) and None


BY_KIND: dict[type[exp.Expression] | tuple[type[exp.Expression], ...], Callable[..., Iterator[tuple[str, Change]]]] = {
    exp.Literal: _literals,
    exp.Boolean: _booleans,
    exp.Not: _negations,
    (exp.Is, exp.Exists): _tests,
    exp.In: _elements,
    exp.Between: _ends,
    exp.Join: _joins,
    exp.Count: _counts,
    UNWRAPPED: _unwrapped,
    exp.Anonymous: _renamed,
    exp.Ordered: _orders,
    exp.Window: _windows,
    exp.SetOperation: _unions,
    exp.Select: _selects,
    exp.Case: _cases,
}
