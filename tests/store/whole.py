"""A document that holds something of everything."""

from datetime import date

from app.core.answers.document import Action, AnswerDocument
from app.core.answers.modules import (
    AfterReport,
    AtStake,
    EarlierSitting,
    Modules,
    OfficeView,
    Profile,
    Touchpoint,
    TouchpointCheck,
)
from app.core.answers.values import Respondent

WHOLE = AnswerDocument(
    questionnaire="cx-grid",
    edition="2026-1",
    form="pulse",
    organisation="Čebelnjak d.o.o.",
    language="sl",
    business_stage="growing",
    respondents=(
        Respondent(role="leadership", answers={"strategy.purpose": 2}),
        Respondent(role="front_office", answers={"strategy.purpose": 4}),
    ),
    date=date(2026, 11, 30),
    agreed={"strategy.purpose": 3, "culture.purpose": 2},
    modules=Modules(
        profile=Profile(sector="food", size="2-9", customers=("consumers", "businesses"), channels=("shop", "print")),
        touchpoint_check=TouchpointCheck(places={"buying": 4}, basics={"waiting": 1, "honesty": 5}),
        journey=(
            Touchpoint(
                stage="discover", name="Tržnica", channel="other", feeling=2, point="love", moment_of_truth=True
            ),
            Touchpoint(stage="return", name="Pismo", wants="Mir", thinks="Spam?", ours=False, environment="Doma"),
        ),
        front_back_office=(
            OfficeView(front_office=4, back_office=2, channels=("website", "print"), took_for_cxm="cxm"),
            OfficeView(back_office=1),
            OfficeView(front_office=5, back_office=5),
        ),
        at_stake=AtStake(revenue=100_000, currency="EUR", share=5),
        after_report=AfterReport(useful="useful", results_to=("leadership", "everyone")),
        stop_doing="Popuste",
        evidence={"strategy.purpose": "Naslovnica »O nas«"},
        earlier=(
            EarlierSitting(
                form="full",
                date=date(2025, 1, 2),
                respondents=(Respondent(role="other", answers={"a": 1, "b": "dont_know"}),),
            ),
            EarlierSitting(form="pulse", date=date(2026, 1, 2), respondents=(Respondent(role="other", answers={}),)),
        ),
    ),
    actions=(
        Action(text="Poklicati deset kupcev", way="emotional", question="design.journey", owner="Ana", status="done"),
        Action(text="Popust", way="financial", date=date(2027, 1, 1), measure="Vračajo se", carried=True),
    ),
)
