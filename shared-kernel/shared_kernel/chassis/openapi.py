"""What the contracts say of refusals: every route may answer with a problem document (RFC 9457)."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from shared_kernel.chassis.json_models import ApiModel


class ProblemViolation(ApiModel):
    """One field and the rule it breaks."""

    property_path: str
    message: str
    code: str


class Problem(BaseModel):
    """Why a request was refused, in the caller's language; some kinds say more, such as `conflict`."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="/problems/<code>")
    title: str
    status: int
    detail: str
    instance: str | None
    violations: list[ProblemViolation] | None = None


_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    family: {"description": "A problem", "content": {"application/problem+json": _PROBLEM}}
    for family in ("4XX", "5XX")
}


class DocumentedApp(FastAPI):
    """A FastAPI whose contract knows the problem document."""

    def openapi(self) -> dict[str, Any]:
        """The contract with the schema of problems."""
        contract = super().openapi()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = contract.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(schema.pop("$defs"))
        schemas["Problem"] = schema
        return contract
