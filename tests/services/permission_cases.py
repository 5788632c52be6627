"""Every service that acts for a person: what it asks for, where, and a call that succeeds for who may.

docs/permissions.md has the same table, and a test holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.interface import KeyScope
from models.pilots import RiskClass
from models.text_models import Drawn
from models.theme_curation import ProposalState
from services.permissions import May
from tests.services import permission_records as records
from tests.services import permission_work as work
from tests.services.permission_county import MOMENT, NAMES, Make, Subject

UNIT, COUNTY = "unit", "county"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One service.

    Attributes:
        name: Its module and function.
        ways: What one must be allowed to do, any of them.
        where: `unit`: within one's reach only; `county`: anywhere.
        make: What it is called with.
        deny_only: Its success takes long or takes what this test has not (a model, a file): it is tested elsewhere.
    """

    name: str
    ways: tuple[May, ...]
    where: str
    make: Make
    deny_only: bool = False


def wide(**arguments: object) -> Make:
    """A service that is called with the same everywhere."""
    return lambda county: Subject(county.ward, dict(arguments))


def on_day(**arguments: object) -> Make:
    """A service that is told the day."""
    return lambda county: Subject(county.ward, {"today": county.today, **arguments})


def _case(name: str, where: str, make: Make, *ways: May, deny_only: bool = False) -> Case:
    return Case(name=name, ways=ways, where=where, make=make, deny_only=deny_only)


CASES = (
    _case("adoption.set_state", UNIT, work.adoption, May.REGISTER, May.DECIDE),
    _case("api_keys.all_keys", COUNTY, wide(), May.ADMINISTER),
    _case("api_keys.create", COUNTY, wide(system="Kysely", scopes=[KeyScope.READ_THEMES]), May.ADMINISTER),
    _case("api_keys.revoke", COUNTY, records.api_key, May.ADMINISTER),
    _case("audit_log.page", COUNTY, records.trail, May.ADMINISTER),
    _case("decisions.approve_override", UNIT, work.approval, May.APPROVE),
    _case("decisions.record_decision", UNIT, work.decision, May.DECIDE),
    _case("drivers.drivers", COUNTY, records.scope_first(outcome="recommend"), May.SEE_FEEDBACK, deny_only=True),
    _case("evaluation.evaluate_pilot", UNIT, work.evaluated, May.EVALUATE, deny_only=True),
    _case("expert_ratings.rate", UNIT, records.rating, May.EVALUATE),
    _case("exports.export", COUNTY, records.exported, May.EXPORT, deny_only=True),
    _case("exports.rows", COUNTY, records.exported_rows, May.EXPORT, deny_only=True),
    _case("follow_up.record_check", UNIT, work.follow_up_check, May.DECIDE),
    _case("forecasts.forecasts", COUNTY, on_day(theme_id=1, unit_ids=None), May.SEE_FEEDBACK, deny_only=True),
    _case("funnel.funnel", COUNTY, on_day(scope=None), May.SEE_PILOTS, deny_only=True),
    _case("ideas.decline", UNIT, work.of_idea(reason="Ei nyt."), May.ANSWER_IDEAS),
    _case("ideas.mark_tried", UNIT, work.tried, May.ANSWER_IDEAS),
    _case("ideas.propose", UNIT, work.proposed, May.PROPOSE),
    _case("ideas.reopen", UNIT, work.declined, May.ANSWER_IDEAS),
    _case("ideas.solve", UNIT, work.of_idea(done="Tehtiin."), May.ANSWER_IDEAS),
    _case("ideas.take_back_vote", COUNTY, work.voted, May.PROPOSE),
    _case("ideas.vote", COUNTY, work.of_idea(), May.PROPOSE),
    _case("ideas.withdraw", COUNTY, work.own_idea, May.PROPOSE),
    _case("import_batches.undo_import", UNIT, records.imported, May.IMPORT),
    _case("import_preview.preview", COUNTY, wide(shape=None, mapping=None, settings=None), May.IMPORT, deny_only=True),
    _case("import_profiles.save_profile", COUNTY, records.profile, May.IMPORT),
    _case("importing.import_feedback", COUNTY, records.file, May.IMPORT, deny_only=True),
    _case("importing.import_measurements", COUNTY, records.file, May.IMPORT, deny_only=True),
    _case("interface_intake.prepare_feedback", COUNTY, records.sent, May.IMPORT, deny_only=True),
    _case("interface_intake.prepare_measurements", COUNTY, records.sent, May.IMPORT, deny_only=True),
    _case("interface_intake.store", COUNTY, records.prepared, May.IMPORT, deny_only=True),
    _case("mandate.approve_start", UNIT, work.waiting_pilot, May.DECIDE),
    _case("mandate.set_limits", COUNTY, wide(hours=5.0, euros=100.0, risk=RiskClass.LOW), May.ADMINISTER),
    _case("meetings.end_meeting", UNIT, work.ended, May.MEET),
    _case("meetings.note_present", COUNTY, work.in_meeting(present="Kaikki"), May.MEET),
    _case("meetings.open_meeting", COUNTY, wide(), May.MEET),
    _case("meetings.postpone", UNIT, work.meeting_pilot, May.MEET),
    _case("meetings.require_open", COUNTY, work.in_meeting(), May.MEET),
    _case("meetings.take_up_again", COUNTY, work.taken_up, May.MEET),
    _case("minutes.assemble", COUNTY, work.minutes, May.MEET),
    _case("organisation_changes.add", COUNTY, records.new_unit, May.ADMINISTER),
    _case("organisation_changes.close", COUNTY, records.closing, May.ADMINISTER),
    _case("organisation_changes.merge", COUNTY, records.unit_merged, May.ADMINISTER),
    _case("organisation_changes.move", COUNTY, records.of_unit(parent_id=None), May.ADMINISTER),
    _case("organisation_changes.rename", COUNTY, records.of_unit(names={"fi": "Toinen"}), May.ADMINISTER),
    _case("organisation_changes.reopen", COUNTY, records.of_unit(closed=True), May.ADMINISTER),
    _case("organisation_changes.split", COUNTY, records.unit_split, May.ADMINISTER),
    _case("people_changes.add", COUNTY, wide(code="uusi", name="Uusi", role="trustee"), May.ADMINISTER),
    _case("people_changes.change", COUNTY, records.person_changed, May.ADMINISTER),
    _case("people_changes.deactivate", COUNTY, records.of_person(now=MOMENT), May.ADMINISTER),
    _case("people_changes.end_sessions", COUNTY, records.of_person(now=MOMENT), May.ADMINISTER),
    _case("people_changes.know_anew", COUNTY, records.of_person(now=MOMENT), May.ADMINISTER),
    _case("people_changes.reactivate", COUNTY, records.of_person(active=False), May.ADMINISTER),
    _case("pilots.register_pilot", UNIT, work.new_pilot, May.REGISTER),
    _case("plans.amend_plan", UNIT, work.amended, May.REGISTER),
    _case("portfolio_map.portfolio_map", COUNTY, on_day(), May.SEE_PILOTS, deny_only=True),
    _case("stories.approve_story", UNIT, work.of_story, May.APPROVE_STORY),
    _case("stories.withdraw_story", UNIT, work.of_story, May.APPROVE_STORY),
    _case("stories.write_story", UNIT, work.story_text, May.WRITE_STORY),
    _case("taken_up.clock", COUNTY, on_day(), May.SEE_PILOTS, deny_only=True),
    _case("text_removal.erase_text", UNIT, records.of_comment(reason="Pyyntö."), May.LABEL),
    _case("text_removal.erase_texts", UNIT, records.comments(reason="Pyyntö."), May.LABEL),
    _case("text_removal.redact_more", UNIT, records.hidden_words, May.LABEL),
    _case("thanks.say", COUNTY, work.thanked, May.PROPOSE),
    _case("thanks.take_back", COUNTY, work.own_thanks, May.PROPOSE),
    _case("theme_curation.add", COUNTY, records.worded(new=True), May.CURATE),
    _case("theme_curation.create", COUNTY, wide(names=NAMES), May.CURATE),
    _case("theme_curation.edit", COUNTY, records.worded(new=False), May.CURATE),
    _case("theme_curation.merge", COUNTY, records.merged, May.CURATE),
    _case("theme_curation.move", COUNTY, records.of_theme(parent_id=None), May.CURATE),
    _case("theme_curation.rename", COUNTY, records.of_theme(names=NAMES), May.CURATE),
    _case("theme_curation.retire", COUNTY, records.of_theme(), May.CURATE),
    _case("theme_labels.assign_by_hand", UNIT, records.comment_and_theme(applies=True), May.LABEL),
    _case("theme_learning.learn", COUNTY, wide(), May.LABEL, deny_only=True),
    _case("theme_metric.metric_of", COUNTY, records.of_theme(), May.REGISTER, deny_only=True),
    _case("theme_models.withdraw", COUNTY, wide(model_id=1), May.CURATE, deny_only=True),
    _case("theme_pages.take_back", UNIT, records.said_by_hand, May.LABEL),
    _case("theme_proposal_answers.accept", COUNTY, records.proposal(names=NAMES), May.CURATE),
    _case("theme_proposal_answers.dismiss", COUNTY, records.proposal(), May.CURATE),
    _case("theme_proposal_answers.join", COUNTY, records.joined, May.CURATE),
    _case("theme_proposal_answers.reopen", COUNTY, records.proposal(ProposalState.DISMISSED), May.CURATE),
    _case("theme_proposals.keep", COUNTY, records.kept_search, May.CURATE),
    _case("theme_proposals.search", COUNTY, on_day(), May.CURATE, deny_only=True),
    _case("theme_review.check", UNIT, records.of_comment(theme_ids=[], drawn=Drawn.CHOSEN), May.LABEL),
    _case("theme_review.next_waiting", COUNTY, on_day(), May.LABEL),
    _case("theme_review.undo", UNIT, records.checked, May.LABEL),
    _case("theme_undo.redo", COUNTY, records.undone, May.CURATE),
    _case("theme_undo.undo", COUNTY, records.changed, May.CURATE),
    _case("theme_undo.undo_all", COUNTY, records.all_changed, May.CURATE),
    _case("typed_feedback.record", UNIT, records.typed, May.IMPORT),
    _case("typed_feedback.undo", UNIT, records.typed_before, May.IMPORT),
    _case("walks.define_path", COUNTY, wide(name="Uusi polku", stages=["A", "B"]), May.REGISTER, May.CURATE),
    _case("walks.put_back", UNIT, work.own_walk(taken_back=True), May.WALK),
    _case("walks.record_walk", UNIT, work.walked, May.WALK),
    _case("walks.take_back", UNIT, work.own_walk(taken_back=False), May.WALK),
    _case("webhooks.all_webhooks", COUNTY, wide(), May.ADMINISTER),
    _case("webhooks.create", COUNTY, wide(url="https://hook.example.fi/y"), May.ADMINISTER, deny_only=True),
    _case("webhooks.end", COUNTY, records.webhook, May.ADMINISTER),
    _case("webhooks.log", COUNTY, wide(), May.ADMINISTER),
    _case("webhooks.send_again", COUNTY, records.delivery, May.ADMINISTER),
    _case("weekly_log.record", UNIT, work.running, May.LOG),
    _case("weekly_log.undo", UNIT, work.logged, May.LOG),
    _case("where_next.where_next", COUNTY, on_day(drivers=None, unit_ids=None), May.SEE_FEEDBACK, deny_only=True),
)
"""Every service that asks what a person may do."""

ASK_NOTHING = {
    "adoption.units_to_ask": "looks within the person's reach",
    "audit.note": "writes what its caller did, who has asked",
    "idea_list.answered": "the person's own",
    "idea_list.idea_row": "what a page of ideas shows",
    "idea_list.list_ideas": "what a page of ideas shows",
    "idea_list.times_proposed": "the person's own",
    "idea_list.to_answer": "looks within the person's reach",
    "idempotency.found": "the system's own requests",
    "idempotency.keep": "the system's own requests",
    "import_batches.open_batch": "within an import, which has asked",
    "import_jobs.start": "writes down who asks; the process it starts asks what they may",
    "import_jobs.take": "calls the import, which asks",
    "imported_measurements.insert_measurements": "within an import, which has asked",
    "interface_intake.answered": "the system's own requests",
    "log_mattered.logged_this_week": "the person's own",
    "log_mattered.mattered": "the person's own",
    "log_weeks.times_logged": "the person's own",
    "meetings.open_of": "the person's own",
    "registration.units_of": "looks within the person's reach",
    "reminders.claim": "the machinery's own",
    "reminders_words.letter": "the machinery's own",
    "thanks.sent": "the person's own",
    "thanks.stream": "thanks are for everybody who is signed in",
    "theme_history.record": "within a change of the list, which has asked",
    "theme_labels.say": "within a check or an answer to a proposal, which has asked",
    "theme_proposals.quotes_of": "looks within the person's reach",
    "theme_review.progress": "looks within the person's reach",
    "todo.waiting": "looks within the person's reach",
    "walks.times_walked": "the person's own",
}
"""Services that take a person and ask nothing, and why that is right. Whoever may do a thing is asked in permissions
itself, by `may_set`, `may_rate`, `may_define` and the like."""
