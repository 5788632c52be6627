"""The accessibility statement: what it covers, what is known not to work, and where to say so (Act 306/2019)."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from pages.context import Context
from services.i18n import N_
from services.people import holds_demo

WIDTH = 760
WRITTEN = dt.date(2026, 11, 25)
"""The day the statement was written, and last checked against the service."""
ACT = "https://www.finlex.fi/fi/lainsaadanto/saadoskokoelma/2019/306"
AUTHORITY_SITE = {
    "fi": "https://www.saavutettavuusvaatimukset.fi/",
    "sv": "https://www.saavutettavuusvaatimukset.fi/sv/",
    "en": "https://www.saavutettavuusvaatimukset.fi/en/",
}
AUTHORITY_MAIL = "saavutettavuus@traficom.fi"
AUTHORITY_PHONE = "029 534 5000"
LIMITS: tuple[tuple[str, str], ...] = (
    (
        N_("Charts cannot be explored point by point with a keyboard or a screen reader."),
        N_("Each chart has a sentence that says what it shows, and its numbers are in a table below it. (WCAG 1.1.1)"),
    ),
    (
        N_("Number fields show a decimal point instead of a decimal comma while you write."),
        N_("Everywhere else numbers have a decimal comma in Finnish and Swedish. (WCAG 3.3.2)"),
    ),
    (
        N_("When a list changes after a search or a choice, a screen reader is not told how many items are left."),
        N_("The number stands in the heading above the list. (WCAG 4.1.3)"),
    ),
    (
        N_("After some buttons the keyboard’s place may move to the beginning of the page when the page is redrawn."),
        N_("The first press of Tab offers a link straight to the content. (WCAG 2.4.3)"),
    ),
    (
        N_("The button for choosing a file does not tell a screen reader which field it belongs to."),
        N_("The field’s name is right before the button. (WCAG 1.3.1)"),
    ),
    (
        N_("The service needs JavaScript and a connection that stays open."),
        N_("The public stories can also be had as a poster on paper and as data for other services."),
    ),
)
"""What is known not to work, and what helps."""


def render(ctx: Context) -> None:
    """The whole statement."""
    t = ctx.t
    st.title(t("Accessibility statement"))
    with st.container(width=WIDTH, key="accessibility_text"):
        if holds_demo(ctx.session):
            st.info(
                t(
                    "This is a demonstration with an invented county. A county that takes the service into use "
                    "checks this statement and adds its own contact details."
                )
            )
        _covers(ctx)
        _status(ctx)
        _limits(ctx)
        _tested(ctx)
        _feedback(ctx)
        _authority(ctx)


def _covers(ctx: Context) -> None:
    t = ctx.t
    st.markdown(
        t.say(
            "This statement covers the Luotsi web service at {address}: the public page, the pages for staff, and the "
            "documents it makes. The requirements come from the Act on the Provision of Digital Services (306/2019).",
            address=ctx.settings.base_url,
        )
    )
    st.markdown(f"[{t('The Act on the Provision of Digital Services (in Finnish, finlex.fi)')}]({ACT})")


def _status(ctx: Context) -> None:
    t = ctx.t
    st.header(t("How accessible the service is"))
    st.markdown(
        t(
            "The service meets the requirements of WCAG 2.2, levels A and AA, partly. What does not work yet is listed "
            "below."
        )
    )


def _limits(ctx: Context) -> None:
    t = ctx.t
    st.header(t("What does not work yet"))
    st.markdown(
        t(
            "The service is built on a library of ready-made parts, Streamlit. These come from its parts, which we "
            "cannot change ourselves. We test each new version and remove from the list what has been mended."
        )
    )
    st.markdown("\n".join(f"- **{t(limit)}** {t(helps)}" for limit, helps in LIMITS))


def _tested(ctx: Context) -> None:
    t = ctx.t
    st.header(t("How it was tested"))
    st.markdown(
        t.say(
            "We assessed the service ourselves in November 2026. Every page is tested by a program (axe-core, the "
            "rules of WCAG 2.2 A and AA) for every role, in three languages, on a computer, on a phone and enlarged to "
            "200 per cent. Moving with the keyboard is tested too. People who use a screen reader have not tested it "
            "yet, and no outside expert has assessed it."
        )
    )
    st.markdown(
        t("Documents that the service makes (posters, briefs, minutes) are tagged PDF files that screen readers read.")
    )
    st.caption(t.say("This statement was written on {date} and last checked on {date}.", date=WRITTEN))


def _feedback(ctx: Context) -> None:
    t = ctx.t
    st.header(t("Tell us what does not work"))
    st.markdown(
        t(
            "Did you meet something you could not use, or do you need something in another form? Tell us, and we do "
            "our best. We answer within 14 days."
        )
    )
    email = ctx.settings.accessibility_email
    if email:
        st.markdown(f"**{t('E-mail')}:** [{email}](mailto:{email})")
    elif ctx.settings.feedback_url:
        st.markdown(f"[{t('Give accessibility feedback')}]({ctx.settings.feedback_url})")
    else:
        st.markdown(
            t("This installation has no address for accessibility feedback yet. Tell your county’s customer service.")
        )


def _authority(ctx: Context) -> None:
    t = ctx.t
    st.header(t("Supervision"))
    st.markdown(
        t(
            "If you are not satisfied with our answer, or get none within two weeks, you can turn to the Finnish "
            "Transport and Communications Agency Traficom. Its site tells how to do it and how the matter is handled."
        )
    )
    site = AUTHORITY_SITE[t.language]
    lines = (
        f"**{t('Finnish Transport and Communications Agency Traficom')}**",
        t("Digital Accessibility Supervision Unit"),
        f"[www.saavutettavuusvaatimukset.fi]({site})",
        f"[{AUTHORITY_MAIL}](mailto:{AUTHORITY_MAIL})",
        t.say("switchboard {phone}", phone=AUTHORITY_PHONE),
    )
    st.markdown("  \n".join(lines))
