"""People who sign in, and what role they have."""

import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice


class Role(enum.StrEnum):
    """What a person may do; the matrix is in services/permissions.py."""

    STAFF = "staff"
    TEAM_LEAD = "team_lead"
    COACH = "coach"
    AREA_DIRECTOR = "area_director"
    LEADERSHIP = "leadership"
    TRUSTEE = "trustee"
    ANALYST = "analyst"
    ADMIN = "admin"
    API_CLIENT = "api_client"


class Person(SQLModel, table=True):
    """A person (or a machine) known to the service; the unit limits what the role reaches."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint(
            "role NOT IN ('staff', 'team_lead', 'area_director') OR unit_id IS NOT NULL",
            name="scoped_roles_have_a_unit",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(min_length=1, max_length=80, unique=True)
    name: str = Field(min_length=1, max_length=200)
    email: str | None = Field(default=None, max_length=200, unique=True)
    role: Role = Field(sa_type=choice(Role))
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    language: str | None = Field(default=None, max_length=2)
    active: bool = True
    is_demo: bool = False


class Setting(SQLModel, table=True):
    """One fact about this installation, such as that it holds the demo county."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, max_length=80)
    value: str = Field(max_length=4000)
