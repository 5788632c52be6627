"""The app's pages and as whom they are best seen, in one place: what the browser tests and the pictures visit."""

from __future__ import annotations

from dataclasses import dataclass

TEAM_LEAD, STAFF, LEADERSHIP, DIRECTOR, TRUSTEE, COACH, ADMIN, ANALYST = (
    "u1",
    "u4",
    "u7",
    "u8",
    "u9",
    "u10",
    "u12",
    "u14",
)
WIDTHS = (1280, 390)


@dataclass(frozen=True)
class Visit:
    """A page as somebody sees it.

    Attributes:
        name: What its picture is called.
        path: Its route, as in pages/routes.py.
        person: Code of the demo person who sees it, None for someone who has not signed in.
        query: What follows the address, without the question mark.
        press: Keys of the buttons pressed before its picture is taken, where they are there.
    """

    name: str
    path: str
    person: str | None
    query: str = ""
    press: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """What a browser is sent to, from the slash on."""
        return f"/{self.path}" + (f"?{self.query}" if self.query else "")

    def picture(self, width: int) -> str:
        """The file name of its picture at a width."""
        return f"{self.name}.png" if width == WIDTHS[0] else f"{self.name}-{width}.png"


VISITS = (
    Visit("sign-in", "", None),
    Visit("home", "", TEAM_LEAD),
    Visit("themes", "themes", TEAM_LEAD),
    Visit("themes-alerts", "themes", LEADERSHIP, "view=alerts"),
    Visit("themes-map", "themes", LEADERSHIP, "view=map"),
    Visit("themes-gaps", "themes", LEADERSHIP, "view=gaps"),
    Visit("theme", "theme", TEAM_LEAD, "code=T01"),
    Visit("theme-check", "theme-check", TEAM_LEAD),
    Visit("theme-list", "theme-list", COACH),
    Visit("drivers", "drivers", LEADERSHIP),
    Visit("audit", "audit", ADMIN),
    Visit("where-next", "where-next", TEAM_LEAD),
    Visit("forecast", "forecast", LEADERSHIP, "code=T01"),
    Visit("register", "register", TEAM_LEAD, "theme=T01"),
    Visit("import", "import", TEAM_LEAD),
    Visit("feedback-new", "feedback-new", TEAM_LEAD),
    Visit("log", "log", STAFF),
    Visit("portfolio", "portfolio", LEADERSHIP),
    Visit("pilot", "pilot", LEADERSHIP, "code=P01"),
    Visit("public", "public", None),
    Visit("public-story", "public", None, "story=P09"),
    Visit("story", "story", TEAM_LEAD, "code=P01"),
    Visit("methods", "methods", STAFF),
    Visit("home-staff", "", STAFF),
    Visit("home-leadership", "", LEADERSHIP),
    Visit("home-trustee", "", TRUSTEE),
    Visit("home-analyst", "", ANALYST),
    Visit("meeting", "meeting", LEADERSHIP),
    Visit("meeting-open", "meeting", LEADERSHIP, press=("meeting_open",)),
    Visit("meeting-decide", "meeting", LEADERSHIP, press=("meeting_open", "open_P02")),
    Visit("ideas", "ideas", STAFF),
    Visit("brief", "brief", LEADERSHIP, "code=P01"),
    Visit("overview", "overview", LEADERSHIP),
    Visit("overview-quadrant", "overview", LEADERSHIP, "view=quadrant"),
    Visit("overview-map", "overview", LEADERSHIP, "view=map"),
    Visit("overview-learned", "overview", TRUSTEE, "view=learned"),
    Visit("walks", "walks", TEAM_LEAD),
    Visit("walk", "walks", STAFF, "path=leikkaus&walk=yes"),
    Visit("data", "data", ANALYST),
    Visit("people", "people", ADMIN),
    Visit("person", "people", ADMIN, "user=u1"),
    Visit("units", "units", ADMIN),
    Visit("unit", "units", ADMIN, "unit=SAI3"),
    Visit("accessibility", "accessibility", None),
)


def pictures() -> frozenset[str]:
    """The file names that `make screenshots` writes."""
    return frozenset(visit.picture(width) for visit in VISITS for width in WIDTHS)
