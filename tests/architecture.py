"""Reads a source tree and names what breaks the house's rules. docs/adr/0001 says why they are what they are."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

BELOW: dict[str, frozenset[str]] = {
    "stats": frozenset(),
    "themes": frozenset(),
    "models": frozenset(),
    "charts": frozenset({"stats", "themes"}),
    "services": frozenset({"models", "stats", "themes"}),
    "documents": frozenset({"services", "models", "stats", "themes", "charts"}),
    "api": frozenset({"documents", "services", "models", "stats", "themes"}),
    "commands": frozenset({"services", "models", "stats", "themes"}),
    "cli": frozenset({"commands", "services", "models", "stats", "themes"}),
    "pages": frozenset({"documents", "services", "models", "stats", "themes", "charts"}),
    "app": frozenset({"pages", "api", "documents", "services", "models", "stats", "themes", "charts"}),
}
"""What each room may import besides itself: never a room above it, never a neighbour."""

OUTSIDE = frozenset({"tests", "benchmarks"})
"""Folders that may look into every room, and that no room may import."""

STORAGE = frozenset({"sqlalchemy", "sqlmodel", "alembic", "psycopg", "sqlite3", "duckdb", "adbc_driver_manager"})
FILES = frozenset({"os", "io", "pathlib", "shutil", "tempfile", "pickle", "urllib", "requests", "socket"})
NOT_IN: dict[str, frozenset[str]] = {
    "stats": STORAGE | FILES,
    "themes": STORAGE,
    "charts": STORAGE | FILES,
}
"""Libraries a room keeps out."""

ONLY_IN: dict[str, frozenset[str]] = {
    "streamlit": frozenset({"app", "pages"}),
    "altair": frozenset({"charts"}),
    "typer": frozenset({"cli", "commands"}),
    "starlette": frozenset({"app", "api"}),
    "fastapi": frozenset({"api"}),
}
"""Libraries that belong to some rooms only."""

LONGEST = 300
HARMLESS_CALLS = frozenset(
    {"N_", "frozenset", "field", "Path", "Path(__file__).resolve", "logging.getLogger", "dt.timedelta", "dt.date"}
)
"""Calls that only make a constant, so a page's file may make them."""
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|NotImplemented" + r"Error)\b")
A_MACHINE = re.compile(r"(?<![\w.$}/])/(?:home|root|Users|mnt|work|tmp)/\w")
ABOVE = re.compile(r"(?<![\w./])((?:\.\./)+[\w./-]*\w)")
TEXTS = frozenset({".py", ".md", ".toml", ".json", ".yml", ".yaml", ".txt", ".po", ".cfg", ".mako", ".sh", ""})
SKIPPED = frozenset({"__pycache__", "var", "build", "dist", "screenshots", "node_modules"})


def violations(root: Path) -> list[str]:
    """Every breach of the rules in a tree, a sentence each; empty when there is none."""
    found: list[str] = []
    for path in sorted(_files(root)):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        found += _of_text(text, name, path, root)
        if path.suffix == ".py":
            found += _of_python(text, name)
        if re.fullmatch(r"requirements.*\.txt", name):
            found += _of_requirements(text, name)
    return found


def _files(root: Path) -> Iterator[Path]:
    for path in root.iterdir():
        hidden = path.name.startswith(".") and path.name not in {".ci", ".streamlit"}
        if hidden or path.name in SKIPPED:
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix in TEXTS:
            yield path


def _of_text(text: str, name: str, path: Path, root: Path) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if A_MACHINE.search(line):
            yield f"{name}:{number} names a path of one machine."
        if path.suffix == ".py" and UNFINISHED.search(line):
            yield f"{name}:{number} is unfinished."
        for above in () if name.startswith("tests/") else ABOVE.findall(line):
            target = (path.parent / above).resolve()
            if not target.is_relative_to(root.resolve()) or not target.exists():
                yield f"{name}:{number} points to {above}, which is not in this project."


def _of_requirements(text: str, name: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.partition("#")[0].strip()
        if entry and not re.fullmatch(r"-r requirements[\w-]*\.txt|[\w.-]+(\[[\w,-]+\])?==[\w.!+]+", entry):
            yield f"{name}:{number} has {entry!r}, must be name==version."


def _of_python(text: str, name: str) -> Iterator[str]:
    room = name.partition("/")[0].removesuffix(".py")
    lines = text.count("\n")
    if lines > LONGEST and "migrations/versions" not in name:
        yield f"{name} has {lines} lines, must be at most {LONGEST}: look for the second noun in it."
    if room in OUTSIDE:
        return
    if room not in BELOW:
        yield f"{name} is in no room of the house."
        return
    tree = ast.parse(text, filename=name)
    for line, module in _imports(tree, name):
        top = module.partition(".")[0]
        if top in OUTSIDE or (top in BELOW and top != room and top not in BELOW[room]):
            yield f"{name}:{line} imports {module}, which {room} may not know."
        if top in NOT_IN.get(room, ()) or room not in ONLY_IN.get(top, {room}):
            yield f"{name}:{line} imports {module}, which does not belong in {room}."
        if room == "models" and module == "__future__.annotations":
            yield f"{name}:{line} postpones annotations, which breaks relationships between tables."
    if name != "services/settings.py":
        yield from _environment(tree, name)
    if room in NOT_IN and room != "themes":
        yield from _opened_files(tree, name)
    if room == "pages":
        yield from _done_at_import(tree, name)


def _imports(tree: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, wherever in the file and however it is written."""
    package = name.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}".lstrip(".")) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"__import__", "importlib.import_module"}:
            module = node.args[0] if node.args else None
            if isinstance(module, ast.Constant) and isinstance(module.value, str):
                yield node.lineno, module.value


def _environment(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}:
            yield f"{name}:{node.lineno} reads the environment, which only services/settings.py does."


def _opened_files(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
            yield f"{name}:{node.lineno} opens a file."


def _done_at_import(tree: ast.Module, name: str) -> Iterator[str]:
    """A page's file only defines: what it did at import would be done before anyone's role is checked."""
    for statement in tree.body:
        harmless = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
        if not isinstance(statement, harmless) and not _is_docstring(statement) and not _is_for_types(statement):
            yield f"{name}:{statement.lineno} does something when it is imported."
            continue
        for call in _calls_at_import(statement):
            if ast.unparse(call.func) not in HARMLESS_CALLS:
                yield f"{name}:{call.lineno} calls {ast.unparse(call.func)} when it is imported."


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_for_types(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test).endswith("TYPE_CHECKING")


def _calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Calls that run when the file is imported: not those in the bodies of functions, nor decorators that wrap."""
    if isinstance(node, ast.Call):
        yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        inner: list[ast.AST] = [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]
    elif isinstance(node, ast.ClassDef):
        inner = [*node.bases, *node.body]
    else:
        inner = list(ast.iter_child_nodes(node))
    for child in inner:
        yield from _calls_at_import(child)
