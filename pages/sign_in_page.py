"""The page that asks to sign in, in place of the one that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st

from models.people import Person, Role
from pages import sign_in
from pages.context import Context
from pages.plain import plain
from services import demo_sign_in, sign_in_settings
from services.i18n import N_
from services.labels import label
from services.organisation import all_units
from services.sign_in_oidc import Refusal
from services.sign_in_settings import Oidc

ORDER = (
    Role.TEAM_LEAD,
    Role.STAFF,
    Role.LEADERSHIP,
    Role.AREA_DIRECTOR,
    Role.COACH,
    Role.TRUSTEE,
    Role.ANALYST,
    Role.ADMIN,
)
OVER = N_("Your session has ended. Sign in again.")
REFUSED: dict[Refusal, str] = {
    Refusal.UNKNOWN: N_("Your account is not known in Luotsi. Ask your administrator to add the address {email}."),
    Refusal.INACTIVE: N_("The account {email} is closed in Luotsi. Ask your administrator."),
    Refusal.UNVERIFIED: N_(
        "Your sign-in service does not say that the address {email} is really yours, so Luotsi cannot know you by it. "
        "Ask your administrator."
    ),
    Refusal.ANOTHERS: N_(
        "Somebody else signed in with the address {email} before. Ask your administrator to forget that account."
    ),
}
NO_ADDRESS = N_(
    "Your account is not known in Luotsi: your sign-in service gives no e-mail address. Ask your administrator."
)


def render(ctx: Context, refusal: Refusal | None) -> None:
    """The address stays, so signing in opens the page that was asked for."""
    t = ctx.t
    rules = sign_in_settings.load()
    people = demo_sign_in.offered(ctx.session, rules)
    st.title(t("Sign in to Luotsi"))
    if refusal is Refusal.OVER:
        st.info(t(OVER), icon=":material/lock_clock:")
    if rules.oidc is not None:
        _service(ctx, rules.oidc, refusal)
    elif people:
        _people(ctx, people)
    else:
        st.info(t("Sign-in is not configured in this installation yet. Ask your administrator."))
        st.markdown(t("What customers said and what was tried is open to everyone, without signing in:"))
    with st.container(key="open_to_all"):
        ctx.link(t("You said, we tried: open to everyone"), "public", icon=":material/campaign:")


def _service(ctx: Context, oidc: Oidc, refusal: Refusal | None) -> None:
    t = ctx.t
    if refusal in REFUSED:
        email = st.user.to_dict().get("email")
        said = t.say(REFUSED[refusal], email=plain(str(email))) if email else t(NO_ADDRESS)
        st.error(said, icon=":material/no_accounts:")
        st.button(t("Sign out"), key="sign_in_other", on_click=sign_in.sign_out)
        return
    here, there = urlsplit(st.context.url or ctx.settings.base_url), urlsplit(ctx.settings.base_url)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        st.warning(t.say("You can sign in only at the address {address}", address=ctx.settings.base_url))
        return
    st.markdown(t("Use the account you work with. Luotsi never sees your password."))
    text = t.say("Sign in: {name}", name=plain(oidc.name)) if oidc.name else t("Sign in")
    st.button(text, key="sign_in_service", type="primary", icon=":material/login:", on_click=st.login)


def _people(ctx: Context, people: Sequence[Person]) -> None:
    t = ctx.t
    st.warning(
        t("This is a demonstration with an invented county. Pick a person to look at it as they would; no password."),
        icon=":material/theater_comedy:",
    )
    units = {unit.id: unit for unit in all_units(ctx.session)}
    with st.grid(columns="auto", min_column_width=300):
        for person in sorted(people, key=lambda person: (ORDER.index(person.role), person.id or 0)):
            with st.container(border=True, height="stretch"):
                unit = units.get(person.unit_id)
                place = t.local(unit.name) if unit is not None else t("the whole county")
                st.markdown(f"**{plain(person.name)}**  \n{label(t, person.role)}  \n{plain(place)}")
                st.button(
                    t.say("Continue as {name}", name=person.name.partition(" ")[0]),
                    key=f"sign_in_{person.code}",
                    on_click=sign_in.pick,
                    args=(person.id,),
                    width="stretch",
                )
