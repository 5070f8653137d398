"""What a facilitator says of a cohort, and the edition to which a cohort is bound: for pages and programs alike."""

from fastapi import HTTPException, Request
from pydantic import BaseModel, ConfigDict, field_validator

from app.core.answers.values import Name, WholeLevel, WorkshopDay
from app.core.questionnaire.model import FormName, Questionnaire
from app.reporting import Releases
from app.store.cohorts import (
    Cohort,
    CohortPlan,
    Privacy,
)
from app.web.shell.facilitators import CohortVisit
from app.web.shell.forms import Once, Problem, not_offered
from app.web.shell.visits import House


class PlanForm(BaseModel):
    """What a facilitator says of a cohort."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    date: WorkshopDay
    questionnaire: str
    form: FormName
    language: str
    privacy: Privacy
    default_target: WholeLevel | None = None
    once: Once | None = None

    @field_validator("default_target", mode="before")
    @classmethod
    def _as_number(cls, value: object) -> object:
        """A form sends text; nothing chosen is no target of its own."""
        if value == "":
            return None
        return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def releases_of(request: Request) -> Releases:
    """What works releases out in the background."""
    releases: Releases = request.app.state.releases
    return releases


def edition_of(hand: CohortVisit) -> Questionnaire:
    """The edition to which the cohort is bound."""
    questionnaire = hand.house.catalogue.edition(hand.cohort.questionnaire, hand.cohort.edition)
    if questionnaire is None:
        raise HTTPException(503, "questionnaire")
    return questionnaire


def plan_of(house: House, form: PlanForm, described: Cohort | None = None) -> CohortPlan:
    """The plan that a form's fields make, of a new cohort, or of one that is described anew and keeps its edition.

    Raises HTTPException 422 for what is not on offer.
    """
    questionnaire = questionnaire_meant(house, form.questionnaire, described)
    if questionnaire is None or not_offered(questionnaire, form.form, form.language):
        raise HTTPException(422, "fields")
    return CohortPlan(
        name=form.name,
        date=form.date,
        questionnaire=questionnaire.id,
        edition=questionnaire.edition,
        form=form.form,
        language=form.language,
        default_target=form.default_target,
        privacy=form.privacy,
    )


def questionnaire_meant(house: House, id_: str, described: Cohort | None) -> Questionnaire | None:
    """The questionnaire of that id: that of a cohort as it is bound to it, else the newest edition; None for others."""
    if described is not None and described.questionnaire == id_:
        return house.catalogue.edition(id_, described.edition)
    return next((one for one in house.catalogue.newest() if one.id == id_), None)


def wrong_choices(house: House, form: PlanForm, described: Cohort | None = None) -> dict[str, Problem]:
    """What is chosen that is not on offer, by field."""
    questionnaire = questionnaire_meant(house, form.questionnaire, described)
    return not_offered(questionnaire, form.form, form.language) if questionnaire else {"questionnaire": "choose"}
