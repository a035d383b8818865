"""The mutants of a module: each with one small change of an expression or a statement, as a typing error or a slip makes it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_OTHERS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_WORDS = frozenset({"Text", "Problem", "fail", "note", "add", "joined", "quoted"})
"""Calls whose arguments are messages; that those are right is for the tests of renderings."""
_SAME = frozenset(
    {"sorted", "tuple", "list", "set", "frozenset", "dict", "str", "cast", "iter", "repr", "plain", "min", "max"}
)
"""Calls that give much the same as their argument, or an order that changes nothing or by chance."""


_DETAILS = frozenset({"strict", "encoding", "key"})
"""Arguments that change an order or what happens only by a mistake of the programmer."""
_LONGEST = 90
"""The characters of a mutant's name for what is changed."""


@dataclass(frozen=True)
class Mutant:
    """A module with one change: its file, the lines of the changed statement, what is changed, and the source with it.

    ``tests`` must each be red on it; without any, one of the tests that reach the lines must.
    """

    file: str
    lines: range
    name: str
    source: str
    tests: tuple[str, ...] = ()


class Mutants:
    """The mutants of a module, or of some of its functions, in the order of their places."""

    def __init__(self, file: str, functions: frozenset[str] = frozenset()) -> None:
        self.file, self._functions = file, functions
        self._source = (ROOT / file).read_bytes()
        self._starts = [0]
        for line in self._source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._within: list[str] = []
        self._lines = range(0)
        self._returns: ast.expr | None = None
        self._names: Counter[str] = Counter()
        self.found: list[Mutant] = []
        self._body(ast.parse(self._source).body)

    def _at(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.stmt | ast.ExceptHandler)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _text(self, node: ast.AST) -> str:
        start, end = self._at(node)
        return self._source[start:end].decode()

    def _change(self, node: ast.AST, new: str, *, until: ast.AST | None = None, without: str | None = None) -> None:
        """A mutant in which a text stands for a node, or for all from it to another; what it leaves out can be named."""
        if self._functions and not any(".".join(self._within[:end]) in self._functions for end in (1, 2)):
            return
        start, end = self._at(node)[0], self._at(until or node)[1]
        old = self._source[start:end].decode()
        if isinstance(node, ast.expr) and not new.isidentifier():
            new = f"({new})"
        change = f"{_short(old)} without {_short(without)}" if without else f"{_short(old)} → {_short(new)}"
        name = f"{'.'.join(self._within) or '<module>'}: {change}"
        self._names[name] += 1
        if self._names[name] > 1:
            name += f" [{self._names[name]}]"
        source = (self._source[:start] + new.encode() + self._source[end:]).decode()
        self.found.append(Mutant(self.file, self._lines, name, source))

    def _body(self, body: Sequence[ast.stmt]) -> None:
        for number, statement in enumerate(body):
            first = number == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not first:  # a docstring
                self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._lines = range(node.lineno, node.body[0].lineno)
            if not isinstance(node, ast.ClassDef):
                for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                    self._expression(default)
            self._within.append(node.name)
            self._returns = getattr(node, "returns", None)
            self._body(node.body)
            self._within.pop()
            return
        blocks = [getattr(node, name) for name in ("body", "orelse", "finalbody") if getattr(node, name, None)]
        handlers: list[ast.ExceptHandler] = getattr(node, "handlers", [])
        head_end = min(block[0].lineno for block in blocks) if blocks else (node.end_lineno or node.lineno) + 1
        self._lines = range(node.lineno, max(head_end, node.lineno + 1))
        self._simple(node)
        for block in blocks:
            self._body(block)
        for handler in handlers:
            self._lines = range(handler.lineno, (handler.end_lineno or handler.lineno) + 1)
            if not (len(handler.body) == 1 and isinstance(handler.body[0], ast.Raise)):
                self._change(handler.body[0], "raise", until=handler.body[-1])
            self._body(handler.body)
        for case in getattr(node, "cases", ()):
            self._body(case.body)

    def _simple(self, node: ast.stmt) -> None:  # noqa: C901  # one case for each kind
        match node:
            case ast.If() | ast.While():
                self._condition(node.test, loops=isinstance(node, ast.While))
            case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Pass():
                pass
            case ast.Expr():
                self._change(node, "pass")
                self._expression(node.value, top=True)
            case ast.Raise():
                self._change(node, "pass")
            case ast.Delete():
                self._change(node, "pass")
            case ast.Continue():
                self._change(node, "break")
            case ast.Break():
                self._change(node, "continue")
            case ast.Return(value=ast.expr() as value):
                self._return(value)
            case ast.AugAssign():
                self._change(node, "pass")
                self._expression(node.value)
            case ast.Assign():
                if any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
                    self._change(node, "pass")
                if not self._names_type(node.value):
                    self._expression(node.value)
            case ast.AnnAssign(value=ast.expr() as value):
                self._expression(value)
            case ast.For() | ast.AsyncFor():
                self._expression(node.iter)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self._expression(item.context_expr)
            case ast.Match():
                self._expression(node.subject)
            case _:
                pass

    @staticmethod
    def _names_type(value: ast.expr) -> bool:
        return (
            isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in {"TypeVar", "compile"}
        )

    def _return(self, value: ast.expr) -> None:
        before = len(self.found)
        answers = isinstance(self._returns, ast.Name) and self._returns.id == "bool"
        if answers and not isinstance(value, ast.Constant | ast.Compare):
            self._change(value, f"not ({self._text(value)})")
        self._expression(value)
        if len(self.found) == before and not isinstance(value, ast.Constant):
            self._change(value, "None")

    def _condition(self, test: ast.expr, *, loops: bool = False) -> None:
        """A condition that always holds or never does; what the parts of it tell is left to the parts."""
        joined = test.op if isinstance(test, ast.BoolOp) else None
        if not loops and not isinstance(joined, ast.And):
            self._change(test, "True")
        if not isinstance(joined, ast.Or):
            self._change(test, "False")
        self._expression(test, condition=True)

    def _expression(self, node: ast.expr, *, top: bool = False, condition: bool = False) -> None:  # noqa: C901
        match node:
            case ast.Constant(value=bool() as flag):
                self._change(node, str(not flag))
            case ast.Constant(value=int() as number):
                self._change(node, str(number + 1))
            case ast.JoinedStr() | ast.Constant() | ast.Name():
                pass
            case ast.Compare():
                self._compare(node, condition=condition)
            case ast.BoolOp(op=ast.Or(), values=[first, second]) if not condition and not _asks(first):
                self._expression(first)  # a value, and what stands for it where there is none
                self._expression(second)
            case ast.BoolOp():
                for left_out in node.values:
                    rest = [value for value in node.values if value is not left_out]
                    word = " and " if isinstance(node.op, ast.And) else " or "
                    texts = [f"({self._text(value)})" if len(rest) > 1 else self._text(value) for value in rest]
                    self._change(node, word.join(texts), without=self._text(left_out))
                for value in node.values:
                    self._expression(value, condition=True)
            case ast.UnaryOp(op=ast.Not()):
                if not condition:
                    self._change(node, self._text(node.operand))
                self._expression(node.operand, condition=True)
            case ast.IfExp():
                self._change(node, self._text(node.body))
                self._change(node, self._text(node.orelse))
                for part in (node.test, node.body, node.orelse):
                    self._expression(part, condition=part is node.test)
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.BitOr() | ast.BitAnd()):
                if not isinstance(node.left, ast.JoinedStr) and not isinstance(node.right, ast.JoinedStr):
                    self._change(node, self._text(node.left))
                    if isinstance(node.op, ast.BitOr | ast.BitAnd):
                        self._change(node, self._text(node.right))
                self._expression(node.left)
                self._expression(node.right)
            case ast.Call():
                self._call(node, top=top)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for generator in node.generators:
                    self._expression(generator.iter)
                    for test in generator.ifs:
                        self._change(test, "True")
                        self._expression(test, condition=True)
                parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
                for part in parts:
                    self._expression(part)
            case ast.Set() | ast.Tuple() | ast.List() | ast.Dict():
                for entry in [*node.keys, *node.values] if isinstance(node, ast.Dict) else node.elts:
                    if isinstance(entry, ast.Constant) and isinstance(entry.value, str) and len(entry.value) < 20:
                        self._change(entry, '"mutant"')
                    elif entry is not None:
                        self._expression(entry)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._expression(child)

    def _compare(self, node: ast.Compare, *, condition: bool) -> None:
        sides = [node.left, *node.comparators]
        for number, op in enumerate(node.ops):
            if condition and not isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                continue  # that the whole holds always or never, or is left out, says as much
            words = [self._text(sides[0])]
            for place, (other, side) in enumerate(zip(node.ops, sides[1:], strict=True)):
                words += [(_OTHERS if place == number else _SIGNS)[type(other)], self._text(side)]
            self._change(node, " ".join(words))
        for side in sides:
            if isinstance(side, ast.Constant) and isinstance(side.value, str):
                self._change(side, '"mutant"')
            else:
                self._expression(side)

    def _call(self, node: ast.Call, *, top: bool) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _WORDS or name.endswith(("Error", "Exception")):
            return
        if isinstance(node.func, ast.Attribute):
            self._expression(node.func.value)
        for keyword in node.keywords:
            if keyword.arg is not None and keyword.arg not in _DETAILS:
                rest = [self._text(arg) for arg in node.args]
                rest += [
                    f"{other.arg}={self._text(other.value)}" if other.arg else f"**{self._text(other.value)}"
                    for other in node.keywords
                    if other is not keyword
                ]
                self._change(node, f"{self._text(node.func)}({', '.join(rest)})", without=f"{keyword.arg}=")
        simple = node.args and not isinstance(node.args[0], ast.Starred | ast.GeneratorExp | ast.Constant)
        if simple and not top and name not in _SAME and (isinstance(node.func, ast.Name) or len(node.args) == 1):
            self._change(node, self._text(node.args[0]))
        for argument in (*node.args, *(keyword.value for keyword in node.keywords if keyword.arg not in _DETAILS)):
            self._expression(argument)


def _asks(node: ast.expr) -> bool:
    """Whether an expression is a question, to which the answer is yes or no."""
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def _short(text: str) -> str:
    """A text in one line that is not long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
