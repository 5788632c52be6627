"""Every screen: its address, its name, who sees it in the menu. A page checks the role again itself."""

from __future__ import annotations

from dataclasses import dataclass

from services.i18n import N_
from services.permissions import May


@dataclass(frozen=True, kw_only=True)
class Route:
    """One screen.

    Attributes:
        path: Its address; "" is the first page.
        module: The file in pages/ whose render(ctx) draws it.
        title: Its name in the menu and the window, a msgid.
        icon: A Material symbol's name.
        menu: Who sees it in the menu: "everyone", "signed_in", "readers" (those who see pilots but no feedback),
            "nobody" (reached by links), or what one must be allowed to do.
        public: Whether it opens without signing in.
        needs: What one must be allowed to do for opening it, where the menu does not say so.
    """

    path: str
    module: str
    title: str
    icon: str
    menu: str | May = "nobody"
    public: bool = False
    needs: May | None = None

    @property
    def required(self) -> May | None:
        """What one must be allowed to do for opening it; None for whoever is signed in, or for everyone."""
        return self.menu if isinstance(self.menu, May) else self.needs

    @property
    def default(self) -> bool:
        """Whether this is the page that opens first."""
        return not self.path


def all_routes() -> tuple[Route, ...]:
    """The screens in the order of the menu."""
    return (
        Route(path="", module="home", title=N_("Home"), icon="home", menu="signed_in"),
        Route(path="themes", module="themes", title=N_("Feedback"), icon="forum", menu=May.SEE_FEEDBACK),
        Route(path="theme-list", module="theme_list", title=N_("List of themes"), icon="sell", needs=May.CURATE),
        Route(path="drivers", module="drivers", title=N_("What matters most"), icon="insights", needs=May.SEE_FEEDBACK),
        Route(path="where-next", module="where_next", title=N_("Where next?"), icon="explore", menu=May.SEE_FEEDBACK),
        Route(path="portfolio", module="portfolio", title=N_("Pilots"), icon="science", menu=May.SEE_PILOTS),
        Route(path="meeting", module="meeting", title=N_("Meeting"), icon="groups", menu=May.MEET),
        Route(path="register", module="register", title=N_("New pilot"), icon="add_circle", menu=May.REGISTER),
        Route(path="log", module="log", title=N_("Weekly log"), icon="edit_note", menu=May.LOG),
        Route(path="ideas", module="ideas", title=N_("Ideas"), icon="lightbulb", menu=May.PROPOSE),
        Route(path="import", module="import_data", title=N_("Import"), icon="upload_file", menu=May.IMPORT),
        Route(
            path="feedback-new",
            module="feedback_new",
            title=N_("Write down feedback"),
            icon="edit_note",
            needs=May.IMPORT,
        ),
        Route(
            path="public",
            module="public",
            title=N_("You said, we tried"),
            icon="campaign",
            menu="everyone",
            public=True,
        ),
        Route(path="theme", module="theme", title=N_("Feedback theme"), icon="forum", needs=May.SEE_FEEDBACK),
        Route(path="theme-check", module="theme_check", title=N_("Check themes"), icon="sell", needs=May.LABEL),
        Route(
            path="forecast", module="forecast", title=N_("The coming weeks"), icon="trending_up", needs=May.SEE_FEEDBACK
        ),
        Route(path="pilot", module="pilot", title=N_("Pilot"), icon="science", needs=May.SEE_PILOTS),
        Route(
            path="story", module="story", title=N_("The pilot's public story"), icon="campaign", needs=May.SEE_PILOTS
        ),
        Route(path="brief", module="brief", title=N_("One-page brief"), icon="description", needs=May.SEE_PILOTS),
        Route(
            path="overview",
            module="overview",
            title=N_("The whole picture"),
            icon="monitoring",
            menu="readers",
            needs=May.SEE_PILOTS,
        ),
        Route(
            path="walks",
            module="walks",
            title=N_("In the customer’s shoes"),
            icon="directions_walk",
            needs=May.SEE_PILOTS,
        ),
        Route(path="data", module="data", title=N_("Data"), icon="database", menu=May.EXPORT),
        Route(path="audit", module="audit", title=N_("Audit trail"), icon="fact_check", menu=May.ADMINISTER),
        Route(path="people", module="people", title=N_("Users"), icon="group", menu=May.ADMINISTER),
        Route(path="units", module="units", title=N_("Units"), icon="account_tree", menu=May.ADMINISTER),
        Route(path="methods", module="methods", title=N_("Methods"), icon="functions"),
        Route(
            path="accessibility",
            module="accessibility",
            title=N_("Accessibility statement"),
            icon="accessibility_new",
            public=True,
        ),
    )
