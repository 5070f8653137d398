"""The answer document as JSON Schema, for whoever writes or reads one elsewhere."""

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from app.core.answers.document import AnswerDocument

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Plain(GenerateJsonSchema):
    """Without what only Python knows: None for a key that is left out, and titles that repeat the key."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def document_schema() -> dict[str, object]:
    """What a document must be like for any questionnaire; which ids are legal, the questionnaire says.

    A schema cannot see that a key stands twice, nor tell 3.0 from 3: both are refused all the same.
    """
    schema = AnswerDocument.model_json_schema(schema_generator=_Plain)
    return {"$schema": DIALECT} | schema
