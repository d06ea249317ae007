"""Every function of the rooms that govern which takes a transaction, and the kinds of events that stand in it or in what it calls."""

import ast
import re
from functools import cached_property
from pathlib import Path

import volary

ROOMS = ("developers", "jobs", "mail", "oauth", "operator", "portal", "sessions", "usage", "webhooks")
_ROOT = Path(volary.__file__).parent
_KIND = re.compile(r"[a-z_]+\.[a-z_]+")

Name = tuple[str, str]
"""A module and a function of it."""


class Code:
    """The product's functions and what each module imports, read from its files."""

    def __init__(self, root: Path = _ROOT) -> None:
        self.functions: dict[Name, ast.AsyncFunctionDef] = {}
        self._imports: dict[str, dict[str, Name]] = {}
        for path in sorted(root.rglob("*.py")):
            module = ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
            self._read(module, ast.parse(path.read_text()))

    def _read(self, module: str, tree: ast.Module) -> None:
        self._imports[module] = {
            name.asname or name.name: (node.module, name.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for name in node.names
        }
        for node in tree.body:
            if isinstance(node, ast.AsyncFunctionDef):
                self.functions[module, node.name] = node

    def kinds(self, name: Name, seen: set[Name] | None = None) -> set[str]:
        """The kinds of events that a function writes, or that the functions write which it calls."""
        seen = set() if seen is None else seen
        seen.add(name)
        found: set[str] = set()
        for node in ast.walk(self.functions[name]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _KIND.fullmatch(node.value):
                found.add(node.value)
            called = self._called(name[0], node.func) if isinstance(node, ast.Call) else None
            if called is not None and called not in seen:
                found |= self.kinds(called, seen)
        return found

    def named(self, module: str, call: ast.Call) -> list[Name]:
        """What a call names, as what it calls and among what it hands on: `db.write(act, …)`."""
        return [found for one in (call.func, *call.args) if (found := self._called(module, one)) is not None]

    def _called(self, module: str, function: ast.expr) -> Name | None:
        if isinstance(function, ast.Name):
            return self._where((module, function.id))
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            package = self._imports[module].get(function.value.id)
            return self._where((f"{package[0]}.{package[1]}", function.attr)) if package else None
        return None

    def _where(self, name: Name) -> Name | None:
        """Where a name is defined that a module defines or imports."""
        for _ in range(5):
            if name in self.functions or name not in self._imported:
                break
            name = self._imported[name]
        return name if name in self.functions else None

    @cached_property
    def _imported(self) -> dict[Name, Name]:
        return {(module, local): name for module, names in self._imports.items() for local, name in names.items()}

    def acts(self) -> dict[str, Name]:
        """The public functions of these rooms whose first parameter is a transaction, by their name within the product."""
        return {
            f"{module}.{function}".removeprefix("volary."): (module, function)
            for (module, function), node in self.functions.items()
            if module.split(".")[1:2]
            and module.split(".")[1] in ROOMS
            and not function.startswith("_")
            and _takes_tx(node)
        }


def _takes_tx(node: ast.AsyncFunctionDef) -> bool:
    first = node.args.args[0].annotation if node.args.args else None
    return isinstance(first, ast.Name) and first.id == "Tx"
