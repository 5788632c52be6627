"""How another system reads and sends in: keys, addresses, an example of each; the administrator's part below."""

from __future__ import annotations

import streamlit as st

from models.interface import KeyScope
from pages import api_keys, api_keys_webhooks
from pages.context import Context
from services.i18n import N_
from services.permissions import May

OPENS: dict[KeyScope, str] = {
    KeyScope.READ_PILOTS: N_("read pilots"),
    KeyScope.READ_MEASUREMENTS: N_("read measurements"),
    KeyScope.READ_THEMES: N_("read themes and their figures"),
    KeyScope.READ_DECISIONS: N_("read decisions"),
    KeyScope.WRITE_FEEDBACK: N_("send in feedback"),
    KeyScope.WRITE_MEASUREMENTS: N_("send in measurements"),
}
"""What each scope opens, in words."""
PATHS: dict[KeyScope, tuple[str, ...]] = {
    KeyScope.READ_PILOTS: ("GET", "/pilots"),
    KeyScope.READ_MEASUREMENTS: ("GET", "/measurements"),
    KeyScope.READ_THEMES: ("GET", "/themes", "/themes/quarters"),
    KeyScope.READ_DECISIONS: ("GET", "/decisions"),
    KeyScope.WRITE_FEEDBACK: ("POST", "/feedback"),
    KeyScope.WRITE_MEASUREMENTS: ("POST", "/measurements"),
}
"""The method, and the addresses below /api/v1: short enough for a phone."""
READING = 'curl -H "Authorization: Bearer KEY" "{base}/api/v1/measurements?updated_since=2026-11-01"'
SENDING = (
    'curl -X POST -H "Authorization: Bearer KEY" -H "Content-Type: application/json" -H "Idempotency-Key: 2026-W47" '
    """-d '{{"rows": [{{"date": "2026-W47", "unit": "{unit}", "metric": "{metric}", "n": 84, "count": 43}}]}}' """
    '"{base}/api/v1/measurements"'
)


def render(ctx: Context) -> None:
    """The section; keys and webhooks for whoever administers the installation."""
    t = ctx.t
    st.header(t("For other systems: the REST interface"), anchor="interface")
    st.markdown(
        t.say(
            "Another system can read the same figures and send rows in without files. It shows a key that an "
            "administrator has made for it. Small groups are left out by the same rules as in the files. The addresses "
            "begin with {base}.",
            base=f"`{ctx.settings.base_url}/api/v1`",
        )
    )
    st.table(
        [
            {t("Scope"): f"`{scope}`", t("It opens"): "  \n".join((t(OPENS[scope]), *_addresses(PATHS[scope])))}
            for scope in KeyScope
        ],
        hide_index=True,
        border="horizontal",
    )
    st.markdown(t("Reading what has changed since a day:"))
    st.code(READING.format(base=ctx.settings.base_url), language=None, wrap_lines=True)
    st.markdown(t("Sending in a week’s value; sent twice with the same Idempotency-Key it is stored once:"))
    st.code(SENDING.format(base=ctx.settings.base_url, unit="AVO1", metric="cb2h"), language=None, wrap_lines=True)
    st.markdown(t("Every address, field and answer is described here, in a form that programs read:"))
    st.code(f"{ctx.settings.base_url}/api/v1/openapi.json", language=None, wrap_lines=True)
    if ctx.may(May.ADMINISTER):
        api_keys.show(ctx, OPENS)
        api_keys_webhooks.show(ctx)


def _addresses(paths: tuple[str, ...]) -> list[str]:
    method, *addresses = paths
    return [f"`{method} {address}`" for address in addresses]
