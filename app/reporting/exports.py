"""What a cohort gives away as files to work on: of a confidential one its release, of an open one all that counts."""

from sqlmodel import Session

from app.core.cohort.release import Standing
from app.core.questionnaire.model import Questionnaire
from app.core.scoring import scorecard
from app.exporting import CohortData, Facts, Organisation, ReleasedData
from app.reporting.releases import standing_of
from app.store import cohorts
from app.store.cohorts import Cohort


def data_of(session: Session, questionnaire: Questionnaire, cohort: Cohort) -> CohortData | ReleasedData | Standing:
    """What the cohort's files hold; of a confidential one that has released nothing, how that stands."""
    facts = Facts(
        name=cohort.name,
        date=cohort.date,
        form=cohort.form,
        language=cohort.language,
        is_confidential=cohort.is_confidential,
        is_open=cohort.is_open,
        is_demo=cohort.is_demo,
        default_target=cohort.default_target,
    )
    if cohort.is_confidential:
        standing = standing_of(session, questionnaire, cohort)
        return ReleasedData(facts, questionnaire, standing.release) if standing.release else standing
    counted = (document for _, document in cohorts.documents(session, cohort.id))
    organisations = tuple(Organisation(document, scorecard.score(questionnaire, document)) for document in counted)
    return CohortData(facts, questionnaire, organisations)
