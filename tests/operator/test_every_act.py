"""Every act of developers, operators and the system is an event with who, what, when and from where; what is none says why."""

import ast

import pytest

from tests.operator.acts import Code

CODE = Code()
ACTS = CODE.acts()

_MAKING = {"app.created", "team.created"}
EVENTS: dict[str, set[str]] = {
    "developers.actions.accounts.sign_up": {"developer.agreed", "team.created"},
    "developers.actions.accounts.approve_developer": {"developer.approved"},
    "developers.actions.accounts.refuse_developer": {"developer.refused"},
    "developers.actions.appeals.appeal": {"appeal.continued", "appeal.made"},
    "developers.actions.appeals.answer_appeal": {"appeal.answered"},
    "developers.actions.apps.create_app": {"app.created", "team.created"},
    "developers.actions.apps.move_app": {"app.moved"},
    "developers.actions.apps.delete_app": {"app.deleted"},
    "developers.actions.apps.end_app": {"app.deleted"},
    "developers.actions.apps.undelete_app": {"app.undeleted"},
    "developers.actions.credentials.rotate_api_key": {"credential.renewed"},
    "developers.actions.credentials.rotate_client_secret": {"credential.renewed"},
    "developers.actions.credentials.rotate_bearer": {"credential.renewed"},
    "developers.actions.credentials.revoke_api_keys": {"credential.revoked"},
    "developers.actions.credentials.revoke_client_secrets": {"credential.revoked"},
    "developers.actions.credentials.revoke_bearer": {"credential.revoked"},
    "developers.actions.credentials.revoke_one": {"credential.revoked"},
    "developers.actions.credentials.bearer_of_app": {"credential.obtained"},
    "developers.actions.credentials.invalidate_bearer": {"credential.revoked"},
    "developers.actions.icons.set_icon": {"app.edited"},
    "developers.actions.icons.remove_icon": {"app.edited"},
    "developers.actions.invitations.invite": {"member.invited"},
    "developers.actions.invitations.accept_invitation": {"member.joined"},
    "developers.actions.invitations.decline_invitation": {"member.declined"},
    "developers.actions.invitations.withdraw_invitation": {"member.withdrawn"},
    "developers.actions.permitting.permit_further": {"app.permitted", "app.unpermitted"},
    "developers.actions.projects.create_project": {"project.created", "team.created"},
    "developers.actions.projects.edit_project": {"project.edited"},
    "developers.actions.projects.delete_project": {"project.deleted"},
    "developers.actions.purging.purge_apps": {"app.purged"},
    "developers.actions.settings.edit_details": {"app.edited"},
    "developers.actions.settings.add_callback": {"app.edited"},
    "developers.actions.settings.edit_authentication": {"app.authentication"},
    "developers.actions.suspending.suspend_app": {"app.suspended"},
    "developers.actions.suspending.restore_app": {"app.restored"},
    "developers.actions.teams.own_team": {"team.created"},
    "developers.actions.teams.team_for_new": {"team.created"},
    "developers.actions.teams.rename_team": {"team.renamed"},
    "developers.actions.teams.set_role": {"member.role"},
    "developers.actions.teams.remove_member": {"app.given", "member.removed"},
    "developers.actions.teams.leave_team": {"app.given", "member.left"},
    "developers.actions.teams.take_out": {"app.given"},
    "developers.actions.teams.give_app": {"app.given"},
    "developers.actions.teams.appoint": {"member.appointed"},
    "developers.actions.tiers.ask_for_tier": {"tier.wanted"},
    "developers.actions.tiers.set_tier": {"tier.set"},
    "oauth.consent.deciding.enter_and_settle": {"session.started"},
    "oauth.grants.record": {"grant.changed", "grant.created"},
    "oauth.grants.start_family": {"family.ended"},
    "oauth.oauth1.authorize.finish": {"grant.changed", "grant.created"},
    "oauth.oauth1.tokens.issue": {"family.ended"},
    "oauth.oauth1.tokens.make_own_token": {"family.ended", "grant.changed", "grant.created"},
    "oauth.oauth1.tokens.revoke_own_token": {"family.ended"},
    "oauth.oauth2.authorize.finish": {"grant.changed", "grant.created"},
    "oauth.oauth2.grant_types.authorization_code.exchange": {"family.ended"},
    "oauth.oauth2.grant_types.refresh_token.refresh": {"family.ended"},
    "oauth.oauth2.revoke.revoke": {"family.ended"},
    "oauth.revoking.revoke": {"grant.revoked"},
    "oauth.revoking.revoke_all": {"grant.revoked"},
    "oauth.revoking.tell_ended": {"grant.revoked"},
    "oauth.revoking.end_family": {"family.ended"},
    "operator.actions.appeals.answer": {"appeal.answered"},
    "operator.actions.apps.suspend": {"app.suspended"},
    "operator.actions.apps.restore": {"app.restored"},
    "operator.actions.apps.disconnect": {"app.disconnected"},
    "operator.actions.governing.close": {"read_only.on"},
    "operator.actions.governing.reopen": {"read_only.off"},
    "operator.actions.governing.limit": {"app.limited"},
    "operator.actions.governing.rename": {"app.renamed"},
    "operator.actions.governing.reserve": {"name.reserved"},
    "operator.actions.governing.release": {"name.released"},
    "operator.actions.people.lock": {"account.locked", "sessions.ended"},
    "operator.actions.people.unlock": {"account.unlocked"},
    "operator.actions.people.sign_out": {"sessions.ended"},
    "operator.actions.purging.begin_purge": {"audit.purged"},
    "operator.actions.requests.approve": {"developer.approved"},
    "operator.actions.requests.refuse": {"developer.refused"},
    "operator.actions.requests.give_tier": {"tier.set"},
    "operator.actions.requests.decide": {"report.decided"},
    "operator.actions.webhooks.add": {"webhook.added"},
    "operator.actions.webhooks.renew": {"webhook.renewed"},
    "operator.actions.webhooks.remove": {"webhook.removed"},
    "operator.actions.webhooks.test": {"webhook.tested"},
    "operator.actions.webhooks.redeliver": {"webhook.redelivered"},
    "operator.actions.works.retry": {"job.retried"},
    "operator.actions.works.retry_all": {"jobs.retried"},
    "operator.actions.works.drop": {"job.dropped"},
    "operator.actions.works.send_again": {"letter.sent_again"},
    "portal.actions.apps.register_app": {"app.created", "team.created"},
    "portal.actions.apps.register_project": {"project.created", "team.created"},
    "portal.actions.apps.remove_app": {"app.deleted"},
    "portal.actions.apps.remove": {"app.deleted"},
    "portal.actions.apps.make_own_token_of": {"family.ended", "grant.changed", "grant.created"},
    "portal.actions.apps.revoke_own_token_of": {"family.ended"},
    "portal.actions.apps.discard_outdated": {"family.ended"},
    "portal.actions.commands.create_app_for": {
        "app.created",
        "family.ended",
        "grant.changed",
        "grant.created",
        "project.created",
        "team.created",
    },
    "portal.actions.commands.rotate_app": {"credential.renewed", "family.ended", "grant.changed", "grant.created"},
    "portal.actions.commands.delete_app_of": {"app.deleted"},
    "portal.actions.governing.decide_developer": {"developer.approved", "developer.refused"},
    "portal.actions.governing.set_tier_of": {"team.created", "tier.set"},
    "portal.actions.governing.appoint": {"member.appointed"},
    "portal.actions.teams.remove_member": {"app.given", "family.ended", "member.removed"},
    "portal.actions.teams.leave_team": {"app.given", "family.ended", "member.left"},
    "portal.actions.teams.give_app": {"app.given", "family.ended"},
    "sessions.actions.ending.end_session": {"session.ended"},
    "sessions.actions.ending.end_other_sessions": {"sessions.ended"},
    "sessions.actions.ending.end_all_sessions": {"sessions.ended"},
    "sessions.actions.ending.change_password": {"password.changed", "sessions.ended"},
    "sessions.actions.ending.reset_password": {"password.changed", "sessions.ended"},
    "sessions.actions.sign_in.open_session": {"session.started"},
    "developers.actions.departing.depart_from_teams": {"app.deleted", "app.given", "member.left"},
    "oauth.consent.deciding.step_and_settle": {"recovery_code.used", "second_step.failed", "session.started"},
    "oauth.grants.narrow": {"grant.changed"},
    "oauth.revoking.end_expired": {"grant.revoked"},
    "oauth.revoking.end_every_expired": {"grant.revoked"},
    "oauth.revoking.end_device": {"family.ended"},
    "sessions.actions.proving.start_codes": {"recovery_codes.made", "second_step.on", "sessions.ended"},
    "sessions.actions.proving.start_passkeys": {"recovery_codes.made", "second_step.on", "sessions.ended"},
    "sessions.actions.proving.renew_recovery_codes": {"recovery_codes.made"},
    "sessions.actions.proving.stop_second_step": {
        "recovery_code.used",
        "second_step.failed",
        "second_step.off",
        "sessions.ended",
    },
    "sessions.actions.proving.drop_passkey": {"passkey.removed", "second_step.off", "sessions.ended"},
    "sessions.actions.proving.lose_second_step": {"second_step.off", "sessions.ended"},
    "sessions.actions.stepping.finish_step": {"recovery_code.used", "second_step.failed", "session.started"},
    "sessions.actions.stepping.prove_step": {"recovery_code.used", "second_step.failed"},
    "sessions.actions.stepping.take_proof": {"recovery_code.used", "second_step.failed"},
    "sessions.actions.resetting.ask_for_reset": {"password_reset.asked"},
    "sessions.actions.resetting.finish_reset": {"password.changed", "password_reset.done"},
    "oauth.revoking.revoke_each": {"grant.revoked"},
}
"""What each act leaves in the record, itself or by what it calls; an act that stops telling is noticed."""

WITHOUT: dict[str, str] = {
    "developers.actions.appeals.close_appeal": "part of restoring an App, which is an event",
    "developers.actions.callbacks.replace_callbacks": "part of editing an App",
    "developers.actions.credentials.issue_api_key": "part of making and of renewing",
    "developers.actions.credentials.issue_client_secret": "part of making and of renewing",
    "developers.actions.credentials.issue_bearer": "part of making and of renewing",
    "developers.actions.credentials.end_credentials": "part of revoking and of renewing",
    "developers.actions.invitations.sweep_invitations": "what goes could not be accepted any more",
    "developers.actions.names.ensure_name_free": "writes nothing",
    "developers.actions.names.rename_app": "part of what operators do, who leave the event",
    "developers.actions.names.reserve_name": "part of what operators do, who leave the event",
    "developers.actions.names.release_name": "part of what operators do, who leave the event",
    "developers.actions.notices.tell_of_suspension": "part of suspending: the letter",
    "developers.actions.notices.tell_of_decision": "part of deciding: the letter",
    "developers.actions.noting.note_app": "writes the event that it is told",
    "developers.actions.noting.note_team": "writes the event that it is told",
    "jobs.actions.later": "part of the act that wants the work",
    "jobs.actions.take": "a process says what it is at",
    "jobs.actions.done": "a process says what it is at",
    "jobs.actions.again": "a process says what it is at",
    "jobs.actions.hand_back": "a process says what it is at",
    "jobs.actions.give_up": "operators see it in the list of jobs, with the reason",
    "jobs.actions.retry": "part of what operators do, who leave the event",
    "jobs.actions.retry_all": "part of what operators do, who leave the event",
    "jobs.actions.drop": "part of what operators do, who leave the event",
    "jobs.actions.forget": "what was given up a month ago",
    "mail.actions.send": "part of the act that the letter is about",
    "mail.actions.was_sent": "operators see it in the list of letters",
    "mail.actions.keep_in_outbox": "operators see it in the list of letters",
    "mail.actions.has_failed": "operators see it in the list of letters",
    "mail.actions.send_again": "part of what operators do, who leave the event",
    "mail.actions.forget_letters": "letters of more than a month ago",
    "oauth.consent.deciding.settle": "the protocol that is asked for finishes it, and leaves the event",
    "oauth.pending.save": "a question that nobody has answered",
    "oauth.pending.take": "the answer's own act leaves the event",
    "oauth.pending.rebind": "the same question, in the session that just began",
    "oauth.revoking.drop_pending": "part of setting a password",
    "oauth.revoking.end_all_for_app": "part of deleting and disconnecting; each person's record is told by a job",
    "oauth.tokens.issue_code": "part of what the grant's event says",
    "oauth.tokens.issue_first": "the App takes up what was granted",
    "oauth.tokens.keep_access": "the App takes up what was granted",
    "oauth.tokens.keep_refresh": "the App takes up what was granted",
    "operator.actions.actors.ensure_operator": "writes nothing",
    "operator.actions.purging.purge": "the rest of a purge, whose beginning is an event",
    "sessions.actions.ending.sweep_sessions": "rows of sessions that ended long ago",
    "sessions.actions.guesses.count_failure": "part of a failed sign-in, which is an event",
    "sessions.actions.guesses.forgive": "part of a sign-in",
    "sessions.actions.guesses.take_sign_up": "part of opening an account",
    "sessions.actions.guesses.sweep_guesses": "counts that are over",
    "sessions.actions.renewing.prove_again": "a person's own, within a session; what it allows is an event",
    "sessions.actions.renewing.renew": "part of proving and of changing a password",
    "sessions.actions.seen.touch": "when a session was last seen",
    "sessions.actions.sign_in.accept": "part of a sign-in",
    "sessions.actions.telling.tell_of_sign_in": "part of a sign-in: the letter",
    "usage.actions.forgetting.forget_app": "part of deleting an App",
    "usage.actions.storing.store": "calls have a log of their own",
    "webhooks.actions.add_webhook": "part of what operators do, who leave the event",
    "webhooks.actions.rotate_secret": "part of what operators do, who leave the event",
    "webhooks.actions.remove_webhook": "part of what operators do, who leave the event",
    "webhooks.actions.announce": "part of an event",
    "webhooks.actions.send_test": "part of what operators do, who leave the event",
    "webhooks.actions.note_try": "operators see it in the list of deliveries",
    "webhooks.actions.end_delivery": "operators see it in the list of deliveries",
    "webhooks.actions.redeliver": "part of what operators do, who leave the event",
    "webhooks.actions.forget_deliveries": "deliveries of more than a month ago",
    "sessions.actions.guesses.count_wrong_code": "part of a failed second step, which is an event",
    "sessions.actions.guesses.forgive_codes": "part of a sign-in",
    "sessions.actions.sign_in.rehash": "the same password under today's parameters",
    "sessions.actions.stepping.begin_step": "the first half of a sign-in, whose end is an event",
    "sessions.actions.ending.end_resets": "part of setting a password",
    "sessions.actions.locking.offer_lock": "the link in the letter about a sign-in",
    "sessions.actions.locking.take_lock_link": "part of locking an account, which is an event",
    "sessions.actions.locking.offer_way_back": "part of locking an account, which is an event",
    "sessions.actions.locking.take_way_back": "part of unlocking an account, which is an event",
    "sessions.actions.locking.drop_way_back": "part of the operator's lock, which is an event",
    "sessions.actions.locking.sweep_links": "links that hold no more",
    "sessions.actions.guesses.take_reset": "part of asking for a letter, which is an event",
    "sessions.actions.resetting.sweep_resets": "links of more than a day ago",
    "sessions.actions.resetting.write_reset": "the letter that was asked for, which operators see in the list of letters",
    "mail.actions.says_nothing": "operators see it in the list of letters",
    "oauth.connected.name_device": "a person's own name for one of their own sign-ins",
}
"""Why the others leave none."""


def test_every_act_is_in_one_of_the_tables() -> None:
    assert set(ACTS) == EVENTS.keys() | WITHOUT.keys()
    assert not EVENTS.keys() & WITHOUT.keys()


@pytest.mark.parametrize("act", sorted(EVENTS))
def test_an_act_leaves_its_events(act: str) -> None:
    assert CODE.kinds(ACTS[act]) >= EVENTS[act]


@pytest.mark.parametrize("act", sorted(WITHOUT))
def test_an_act_without_events_has_a_reason_and_none(act: str) -> None:
    assert len(WITHOUT[act].split()) >= 2
    assert CODE.kinds(ACTS[act]) == set()


def test_what_is_part_of_an_operator_s_act_is_called_by_nobody_else() -> None:
    """The command line and the console go by the acts of operators, which leave the event."""
    parts = {ACTS[act] for act, why in WITHOUT.items() if why.startswith("part of what operators do")}
    callers = {
        caller[0]
        for caller, function in CODE.functions.items()
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and parts & set(CODE.named(caller[0], node))
    }
    assert callers == {
        "volary.operator.actions.governing",
        "volary.operator.actions.webhooks",
        "volary.operator.actions.works",
        "volary.server.keys.losing",  # which leaves `key.lost`
    }


def test_the_reading_would_notice_an_act_that_tells_nothing() -> None:
    """A control: the same reading of a file without the record."""
    code = Code()
    name = ACTS["operator.actions.apps.disconnect"]
    silent = ast.parse("async def disconnect(tx: Tx) -> int:\n    return await end_all_for_app(tx, 1)\n").body[0]
    assert isinstance(silent, ast.AsyncFunctionDef)
    code.functions[name] = silent
    assert not code.kinds(name) >= EVENTS["operator.actions.apps.disconnect"]
