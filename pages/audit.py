"""The audit trail: who changed what, when and with which right; and whether the chain is whole."""

from __future__ import annotations

import streamlit as st

from models.people import Role
from pages.context import Context, refusals
from pages.plain import plain
from services import audit, audit_log, exports
from services.audit_log import A_PAGE, ACTIONS, SUBJECTS, Asked, Line
from services.labels import label
from services.permissions import May

LONGEST = 160
"""Characters of a value that are shown."""


def render(ctx: Context) -> None:
    """The state of the chain, then its entries, the newest first."""
    person = ctx.require(May.ADMINISTER)
    t = ctx.t
    st.title(t("Audit trail"))
    st.markdown(
        t(
            "Every change leaves an entry, and each entry is chained to the one before it: nothing can be altered or "
            "taken out afterwards without being found. People's own words are not kept here, only their digests."
        )
    )
    _chain(ctx)
    asked = _asked(ctx)
    lines, total = audit_log.page(ctx.session, person, asked)
    st.header(t.plural("{n} entry", "{n} entries", total))
    if not lines:
        st.info(t("No entry is like this. Take a part of the search away."))
    for line in lines:
        _line(ctx, line)
    if total > A_PAGE:
        st.pagination(-(-total // A_PAGE), key="audit_page")


def _chain(ctx: Context) -> None:
    """What the chain ends with, and the check of all of it."""
    t = ctx.t
    head = audit.head(ctx.session)
    missing = audit.missing_triggers(ctx.session.connection())
    with st.container(border=True, key="audit_chain"):
        if head.entries:
            st.markdown(t.say("The newest entry is number {number}. Its hash begins with:", number=head.entries))
            st.code(head.hash[:16], language=None)
        else:
            st.markdown(t("Nothing has been changed yet."))
        if missing:
            st.error(t.say("Guards of the trail are missing from the database: {names}.", names=", ".join(missing)))
        if st.button(t("Check the whole trail"), key="audit_verify", icon=":material/verified_user:"):
            with refusals(ctx), st.spinner(t("Following the chain…")):
                heads = list(audit.published(ctx.settings.data_dir / audit.HEADS))
                _found(ctx, audit.verify(ctx.session, heads))


def _found(ctx: Context, found: audit.Found) -> None:
    t = ctx.t
    if found.faults:
        st.error(t("The trail has been tampered with."), icon=":material/gpp_bad:")
        st.markdown("\n".join(f"- {t.say(fault.text, **fault.values)}" for fault in found.faults))
        return
    st.success(
        t.say(
            "The trail is whole: {entries}; {heads} compared.",
            entries=t.plural("{n} entry", "{n} entries", found.head.entries),
            heads=t.plural("{n} published hash", "{n} published hashes", found.published),
        )
    )


def _asked(ctx: Context) -> Asked:
    """What is looked for."""
    t = ctx.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit_search"):
        who = st.text_input(t("Search"), key="audit_who", placeholder=t("Name, user name or number of a row"))
        subject = st.selectbox(
            t("What"),
            ["", *audit_log.subjects(ctx.session)],
            format_func=lambda name: _subject(ctx, name) if name else t("everything"),
            key="audit_subject",
        )
        action = st.selectbox(
            t("What was done"),
            ["", *audit_log.actions(ctx.session)],
            format_func=lambda name: _action(ctx, name) if name else t("everything"),
            key="audit_action",
        )
    filters = (who, subject, action)
    if st.session_state.get("audit_filters") != filters:
        st.session_state["audit_filters"] = filters
        st.session_state["audit_page"] = 1
    page = int(st.session_state.get("audit_page") or 1)
    return Asked(who=who, subject=subject or "", action=action or "", page=page)


def _subject(ctx: Context, name: str) -> str:
    words = SUBJECTS.get(name) or next((one.title for one in exports.tables() if one.name == name), name)
    return ctx.t(words)


def _action(ctx: Context, name: str) -> str:
    return ctx.t(ACTIONS.get(name, name))


def _line(ctx: Context, line: Line) -> None:
    t = ctx.t
    what = _subject(ctx, line.subject) + (f" {plain(line.key)}" if line.key else "")
    who = plain(line.who) if line.who else t("the installation")
    title = f"{t.date(line.at.date())} {line.at:%H.%M} · {who} · {what}: {_action(ctx, line.action)}"
    with st.expander(title, key=f"audit_{line.number}"):
        role = f" ({label(t, Role(line.role))})" if line.role in list(Role) else ""
        number = t.say("Entry {number}", number=line.number)
        st.markdown(f"{number} · {t.date(line.at.date())} {line.at:%H.%M.%S} · {who}{role}")
        if line.forgotten:
            st.markdown(t("The details were erased with the text."))
        if line.parts:
            st.table(
                [
                    {
                        t("Field"): f"`{part.name}`",
                        t("Before"): _short(part.before),
                        t("After"): _short(part.after),
                    }
                    for part in line.parts
                ],
                hide_index=True,
                border="horizontal",
            )
        st.caption(t.say("Hash {hash}", hash=line.hash))


def _short(value: str | None) -> str:
    """A value as the database has it, marked as such."""
    if not value:
        return "–"
    text = value.replace("`", "'").replace("\n", " ")
    return f"`{text if len(text) <= LONGEST else text[:LONGEST] + '…'}`"
