"""The house keeps its rules, and the check of the rules works: it is run over trees that break each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import LONGEST, violations

ROOT = Path(__file__).parents[1]

HOUSE = {
    "app.py": "import streamlit as st\nfrom pages import home\nfrom services import pilots\n",
    "cli.py": "import typer\nfrom services import pilots\n",
    "pages/home.py": '"""Home."""\nimport streamlit as st\nfrom services import pilots\nTITLE = N_("Home")\n'
    "@st.dialog('x')\ndef render() -> None:\n    st.title(TITLE)\n",
    "services/pilots.py": "from models import pilot\nfrom stats import means\nimport themes.keywords\n",
    "services/settings.py": "import os\nURL = os.environ.get('DATABASE_URL')\n",
    "models/pilot.py": "import sqlmodel\n",
    "stats/means.py": "from __future__ import annotations\nimport numpy\nfrom . import panel\n",
    "themes/keywords.py": "from pathlib import Path\n",
    "charts/series.py": "import altair\nfrom stats.means import Mean\n",
    "api/routes.py": "from starlette.routing import Route\nfrom services import pilots\n",
    "tests/test_it.py": "import streamlit\nfrom stats import means\n",
    "docs/architecture.md": "See [the readme](../README.md).\n",
    "README.md": "# Luotsi\n",
    "requirements.txt": "# why\nnumpy==2.4.6\npsycopg[binary]==3.3.9\n",
}


def build(folder: Path, changes: dict[str, str]) -> Path:
    for name, text in (HOUSE | changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_this_project_keeps_the_rules() -> None:
    assert violations(ROOT) == []


def test_a_good_house_passes(tmp_path: Path) -> None:
    assert violations(build(tmp_path, {})) == []


FUNCTION = "def f() -> None:\n    "
MACHINE = "/" + "home/someone/data"
LATER = "TO" + "DO"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "stats/bad.py",
            "import streamlit as st\n",
            "stats/bad.py:1 imports streamlit, which does not belong in stats.",
        ),
        (
            "stats/bad.py",
            "from streamlit.runtime import get\n",
            "streamlit.runtime.get, which does not belong in stats.",
        ),
        ("stats/bad.py", FUNCTION + "import streamlit\n", "stats/bad.py:2 imports streamlit"),
        (
            "stats/bad.py",
            "import importlib\nimportlib.import_module('streamlit')\n",
            "stats/bad.py:2 imports streamlit",
        ),
        ("stats/bad.py", "__import__('streamlit')\n", "stats/bad.py:1 imports streamlit"),
        ("stats/bad.py", "import sqlmodel\n", "imports sqlmodel, which does not belong in stats."),
        ("stats/bad.py", "from themes import keywords\n", "imports themes.keywords, which stats may not know."),
        ("stats/bad.py", "from services import pilots\n", "imports services.pilots, which stats may not know."),
        ("stats/bad.py", FUNCTION + "open('x')\n", "stats/bad.py:2 opens a file."),
        ("stats/deep/bad.py", "from ...models import pilot\n", "imports models.pilot, which stats may not know."),
        ("themes/bad.py", "from stats import means\n", "imports stats.means, which themes may not know."),
        ("themes/bad.py", "import sqlalchemy.orm\n", "imports sqlalchemy.orm, which does not belong in themes."),
        ("models/bad.py", "from services import pilots\n", "imports services.pilots, which models may not know."),
        ("models/bad.py", "from __future__ import annotations\n", "models/bad.py:1 postpones annotations"),
        ("services/bad.py", "from pages import home\n", "imports pages.home, which services may not know."),
        ("services/bad.py", "import charts.series\n", "imports charts.series, which services may not know."),
        ("services/bad.py", "import streamlit\n", "imports streamlit, which does not belong in services."),
        ("services/bad.py", "import os\nX = os.environ['X']\n", "services/bad.py:2 reads the environment"),
        ("services/bad.py", "from tests import architecture\n", "imports tests.architecture, which services may not"),
        ("charts/bad.py", "from models import pilot\n", "imports models.pilot, which charts may not know."),
        ("charts/bad.py", "from services import pilots\n", "imports services.pilots, which charts may not know."),
        ("api/bad.py", "from pages import home\n", "imports pages.home, which api may not know."),
        ("cli.py", "import streamlit\n", "cli.py:1 imports streamlit, which does not belong in cli."),
        ("pages/bad.py", "import altair\n", "imports altair, which does not belong in pages."),
        (
            "pages/bad.py",
            "import streamlit as st\nst.title('x')\n",
            "pages/bad.py:2 does something when it is imported.",
        ),
        ("pages/bad.py", "X = load()\n", "pages/bad.py:1 calls load when it is imported."),
        ("pages/bad.py", "def f(x=load()) -> None: ...\n", "pages/bad.py:1 calls load when it is imported."),
        ("pages/bad.py", "if True:\n    pass\n", "pages/bad.py:1 does something when it is imported."),
        ("utils/bad.py", "X = 1\n", "utils/bad.py is in no room of the house."),
        ("stats/bad.py", "X = 1\n" * (LONGEST + 1), f"stats/bad.py has {LONGEST + 1} lines"),
        ("stats/bad.py", f"# {LATER}: later\n", "stats/bad.py:1 is unfinished."),
        ("docs/bad.md", f"Look in {MACHINE}.\n", "docs/bad.md:1 names a path of one machine."),
        ("README.md", "See ../elsewhere/notes.md\n", "README.md:1 points to ../elsewhere/notes.md"),
        ("docs/bad.md", "See [it](../gone.md)\n", "docs/bad.md:1 points to ../gone.md, which is not in this project."),
        ("requirements.txt", "numpy>=2\n", "requirements.txt:1 has 'numpy>=2', must be name==version."),
        ("requirements.txt", "--extra-index-url https://example.org\n", "must be name==version."),
    ],
)
def test_a_breach_is_named(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    found = violations(build(tmp_path, {name: text}))
    assert [line for line in found if sentence in line], found
