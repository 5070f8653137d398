"""The journey sheet and the plan: kept in order, sent twice but added once, never silently overwritten."""

from functools import partial

import pytest

from app.core.answers.document import Action
from app.core.answers.modules import JourneyStage, Touchpoint
from app.store import assessments, cohorts
from app.store.assessments import (
    ActionChangedError,
    Beginning,
    FullError,
    GoneError,
    KeptAction,
    KeptTouchpoint,
    Place,
    TouchpointChangedError,
)
from app.store.cohorts import Cohort
from app.store.database import Database
from app.store.secrets.tokens import new_id
from tests.store.conftest import NOW, at_once, in_the_meantime

CALL = Action(text="Poklicati deset kupcev", way="emotional")


def touchpoint(name: str, stage: JourneyStage = "buy") -> Touchpoint:
    return Touchpoint(stage=stage, name=name)


def add(database: Database, place: Place, one: Touchpoint, wanted_id: str | None = None) -> str:
    with database.writing() as session:
        return assessments.add_touchpoint(session, place.assessment, one, NOW, wanted_id=wanted_id)


def change(database: Database, place: Place, id_: str, one: Touchpoint, seen: int) -> KeptTouchpoint:
    with database.writing() as session:
        return assessments.change_touchpoint(session, place.assessment, id_, one, seen, NOW)


def move(database: Database, place: Place, id_: str, stage: JourneyStage, position: int) -> None:
    with database.writing() as session:
        assessments.move_touchpoint(session, place.assessment, id_, stage, position, NOW)


def remove(database: Database, place: Place, id_: str, seen: int) -> None:
    with database.writing() as session:
        assessments.remove_touchpoint(session, place.assessment, id_, seen, NOW)


def journey(database: Database, place: Place) -> tuple[KeptTouchpoint, ...]:
    with database.reading() as session:
        found = assessments.touchpoints_of(session, place.assessment)
        told = assessments.document(session, place.assessment).modules.journey
    assert told == tuple(one.touchpoint for one in found)
    return found


def names(database: Database, place: Place) -> list[str]:
    return [f"{one.touchpoint.stage} {one.touchpoint.name}" for one in journey(database, place)]


def plan_action(database: Database, place: Place, action: Action = CALL, wanted_id: str | None = None) -> str:
    with database.writing() as session:
        return assessments.add_action(session, place.assessment, action, NOW, wanted_id=wanted_id)


def change_action(database: Database, place: Place, id_: str, action: Action, seen: int) -> KeptAction:
    with database.writing() as session:
        return assessments.change_action(session, place.assessment, id_, action, seen, NOW)


def remove_action(database: Database, place: Place, id_: str, seen: int) -> None:
    with database.writing() as session:
        assessments.remove_action(session, place.assessment, id_, seen, NOW)


def plan(database: Database, place: Place) -> tuple[KeptAction, ...]:
    with database.reading() as session:
        found = assessments.actions_of(session, place.assessment)
        assert assessments.document(session, place.assessment).actions == tuple(one.action for one in found)
    return found


def test_touchpoints_stand_in_the_order_of_the_customers_way(database: Database, place: Place) -> None:
    for name, stage in (("a", "return"), ("b", "buy"), ("c", "discover"), ("d", "buy"), ("e", "choose")):
        add(database, place, touchpoint(name, stage))  # type: ignore[arg-type]  # a stage each
    assert names(database, place) == ["discover c", "choose e", "buy b", "buy d", "return a"]


def test_a_touchpoint_is_moved_within_its_stage_and_to_another(database: Database, place: Place) -> None:
    ids = {name: add(database, place, touchpoint(name)) for name in "abc"}
    use = add(database, place, touchpoint("u", "use"))
    move(database, place, ids["c"], "buy", 0)
    assert names(database, place) == ["buy c", "buy a", "buy b", "use u"]
    move(database, place, ids["c"], "buy", 1)
    move(database, place, ids["c"], "buy", 1)
    assert names(database, place) == ["buy a", "buy c", "buy b", "use u"]
    move(database, place, ids["a"], "buy", 99)
    assert names(database, place) == ["buy c", "buy b", "buy a", "use u"]
    move(database, place, ids["b"], "use", -5)
    assert names(database, place) == ["buy c", "buy a", "use b", "use u"]
    move(database, place, use, "discover", 3)
    assert names(database, place) == ["discover u", "buy c", "buy a", "use b"]
    assert add(database, place, touchpoint("d"))
    assert names(database, place) == ["discover u", "buy c", "buy a", "buy d", "use b"]


def test_a_touchpoint_that_was_moved_to_another_stage_is_not_put_back_unknowingly(
    database: Database, place: Place
) -> None:
    id_ = add(database, place, touchpoint("a"))
    move(database, place, id_, "buy", 0)
    assert journey(database, place)[0].revision == 1
    move(database, place, id_, "use", 0)
    with pytest.raises(TouchpointChangedError) as refusal:
        change(database, place, id_, touchpoint("A"), 1)
    assert refusal.value.stored == KeptTouchpoint(id_, 2, touchpoint("a", "use"))


def test_a_touchpoint_is_said_anew_all_of_it(database: Database, place: Place) -> None:
    id_ = add(database, place, touchpoint("a"))
    whole = Touchpoint(
        stage="get_help", name="Klic", channel="customer_service", feeling=-2, point="pain", moment_of_truth=True,
        wants="Odgovor", thinks="Spet čakam", ours=False, environment="V vlaku",
    )  # fmt: skip
    assert change(database, place, id_, whole, 1) == KeptTouchpoint(id_, 2, whole)
    assert change(database, place, id_, touchpoint("b", "get_help"), 2).touchpoint == touchpoint("b", "get_help")
    assert journey(database, place) == (KeptTouchpoint(id_, 3, touchpoint("b", "get_help")),)


def test_in_another_stage_a_touchpoint_goes_to_the_end(database: Database, place: Place) -> None:
    first = add(database, place, touchpoint("a", "choose"))
    add(database, place, touchpoint("b"))
    change(database, place, first, touchpoint("a"), 1)
    assert names(database, place) == ["buy b", "buy a"]


def test_a_retry_changes_a_touchpoint_once(database: Database, place: Place) -> None:
    id_ = add(database, place, touchpoint("a"))
    assert change(database, place, id_, touchpoint("b"), 1) == change(database, place, id_, touchpoint("b"), 1)
    assert journey(database, place)[0].revision == 2


def test_of_two_who_change_a_touchpoint_at_once_one_is_told(database: Database, place: Place) -> None:
    id_ = add(database, place, touchpoint("a"))
    calls = [partial(change, database, place, id_, touchpoint(name), 1) for name in "bc"]
    found = at_once(*calls, refused=TouchpointChangedError)
    (kept,) = journey(database, place)
    assert kept in found
    assert [one.stored for one in found if isinstance(one, TouchpointChangedError)] == [kept]


def test_whoever_changes_a_touchpoint_while_somebody_else_does_waits_and_is_told(
    database: Database, place: Place
) -> None:
    id_ = add(database, place, touchpoint("a"))
    refusal = in_the_meantime(
        database,
        lambda session: assessments.change_touchpoint(session, place.assessment, id_, touchpoint("b"), 1, NOW),
        lambda: change(database, place, id_, touchpoint("c"), 1),
    )
    assert isinstance(refusal, TouchpointChangedError)
    assert names(database, place) == ["buy b"]


def test_whoever_changes_an_action_while_somebody_else_does_waits_and_is_told(database: Database, place: Place) -> None:
    id_ = plan_action(database, place)
    done, dropped = CALL.model_copy(update={"status": "done"}), CALL.model_copy(update={"status": "dropped"})
    refusal = in_the_meantime(
        database,
        lambda session: assessments.change_action(session, place.assessment, id_, done, 1, NOW),
        lambda: change_action(database, place, id_, dropped, 1),
    )
    assert isinstance(refusal, ActionChangedError)
    assert plan(database, place) == (KeptAction(id_, 2, done),)


def test_a_touchpoint_that_was_changed_since_is_not_removed(database: Database, place: Place) -> None:
    id_ = add(database, place, touchpoint("a"))
    change(database, place, id_, touchpoint("b"), 1)
    with pytest.raises(TouchpointChangedError):
        remove(database, place, id_, 1)
    remove(database, place, id_, 2)
    remove(database, place, id_, 2)
    assert journey(database, place) == ()
    with pytest.raises(GoneError):
        change(database, place, id_, touchpoint("c"), 2)


def test_what_a_page_sends_twice_is_added_once(database: Database, beginning: Beginning, place: Place) -> None:
    with database.writing() as session:
        other = assessments.start(session, beginning, NOW)
    one, two = new_id(), new_id()
    for _ in range(2):
        assert add(database, place, touchpoint("a"), one) == one
        assert plan_action(database, place, CALL, two) == two
    assert len(journey(database, place)) == len(plan(database, place)) == 1
    # An id is wanted, not trusted: another organisation's stays its own.
    for wanted in (one, "'; --", ""):
        assert add(database, other, touchpoint("b"), wanted) != wanted
    for wanted in (two, "\u0000", ""):
        assert plan_action(database, other, CALL, wanted) != wanted
    assert names(database, place) == ["buy a"]


def test_the_same_page_sent_at_once_adds_once(database: Database, place: Place) -> None:
    one, two = new_id(), new_id()
    assert at_once(*[partial(add, database, place, touchpoint("a"), one)] * 3, refused=FullError) == [one] * 3
    assert at_once(*[partial(plan_action, database, place, CALL, two)] * 3, refused=FullError) == [two] * 3
    assert len(journey(database, place)) == len(plan(database, place)) == 1


def test_what_says_the_same_is_planned_once_when_so_asked(database: Database, place: Place) -> None:
    def take(action: Action) -> str:
        with database.writing() as session:
            return assessments.add_action(session, place.assessment, action, NOW, once=True)

    there = in_the_meantime(
        database,
        lambda session: assessments.add_action(session, place.assessment, CALL, NOW, once=True),
        partial(take, CALL),
    )
    assert [there] == [one.id for one in plan(database, place)]
    take(CALL.model_copy(update={"text": "Something else"}))
    plan_action(database, place)
    assert len(plan(database, place)) == 3


def test_a_sheet_has_room_for_thirty_and_a_plan_for_sixty(database: Database, place: Place) -> None:
    for number in range(29):
        add(database, place, touchpoint(str(number)))
    found = at_once(*[partial(add, database, place, touchpoint("last"))] * 3, refused=FullError)
    assert sorted(type(one).__name__ for one in found) == ["FullError", "FullError", "str"]
    assert len(journey(database, place)) == 30
    with database.writing() as session:
        for _ in range(60):
            assessments.add_action(session, place.assessment, CALL, NOW)
    with pytest.raises(FullError):
        plan_action(database, place)
    assert len(plan(database, place)) == 60


def test_another_organisations_touchpoints_and_actions_are_not_there(
    database: Database, beginning: Beginning, place: Place
) -> None:
    with database.writing() as session:
        other = assessments.start(session, beginning, NOW)
    theirs, action = add(database, other, touchpoint("a")), plan_action(database, other)
    for id_ in (theirs, "", "nothing"):
        with pytest.raises(GoneError):
            change(database, place, id_, touchpoint("b"), 1)
        with pytest.raises(GoneError):
            move(database, place, id_, "use", 0)
        remove(database, place, id_, 1)
    for id_ in (action, "", "nothing"):
        with pytest.raises(GoneError):
            change_action(database, place, id_, CALL, 1)
        remove_action(database, place, id_, 1)
    assert names(database, other) == ["buy a"]
    assert len(plan(database, other)) == 1


def test_actions_are_said_anew_in_the_order_in_which_they_were_noted(database: Database, place: Place) -> None:
    ids = [plan_action(database, place, Action(text=text, way="financial", carried=text == "b")) for text in "abc"]
    done = Action(text="B", way="groundwork", question="design.journey", owner="Ana", measure="Dva", status="done")
    kept = change_action(database, place, ids[1], done, 1)
    # Whether it came from the sitting before is not for a form to say.
    assert kept == KeptAction(ids[1], 2, done.model_copy(update={"carried": True}))
    assert change_action(database, place, ids[1], done, 1) == kept
    remove_action(database, place, ids[0], 1)
    last = plan_action(database, place)
    assert [one.id for one in plan(database, place)] == [ids[1], ids[2], last]


def test_an_action_that_was_changed_since_is_neither_changed_nor_removed(database: Database, place: Place) -> None:
    id_ = plan_action(database, place)
    changes = [partial(change_action, database, place, id_, CALL.model_copy(update={"text": text}), 1) for text in "bc"]
    found = at_once(*changes, refused=ActionChangedError)
    (kept,) = plan(database, place)
    assert kept in found
    assert [one.stored for one in found if isinstance(one, ActionChangedError)] == [kept]
    with pytest.raises(ActionChangedError):
        remove_action(database, place, id_, 1)
    remove_action(database, place, id_, 2)
    assert plan(database, place) == ()


def test_sheet_and_plan_may_change_in_a_closed_cohort(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    with database.writing() as session:
        place = cohorts.join(session, cohort.id, beginning, NOW)
        cohorts.close(session, cohort.id, NOW)
    one, other = add(database, place, touchpoint("a")), plan_action(database, place)
    change(database, place, one, touchpoint("b"), 1)
    move(database, place, one, "use", 0)
    change_action(database, place, other, CALL.model_copy(update={"status": "done"}), 1)
    assert names(database, place) == ["use b"]
    remove(database, place, one, 3)
    remove_action(database, place, other, 2)
    assert journey(database, place) == ()
    assert plan(database, place) == ()


def test_every_write_to_a_sheet_or_plan_that_is_gone_is_told(database: Database, place: Place) -> None:
    one, other = add(database, place, touchpoint("a")), plan_action(database, place)
    with database.writing() as session:
        assessments.erase(session, place.assessment)
    for write in (
        partial(add, database, place, touchpoint("a")),
        partial(change, database, place, one, touchpoint("b"), 1),
        partial(move, database, place, one, "use", 0),
        partial(remove, database, place, one, 1),
        partial(plan_action, database, place),
        partial(change_action, database, place, other, CALL, 1),
        partial(remove_action, database, place, other, 1),
    ):
        with pytest.raises(GoneError):
            write()
