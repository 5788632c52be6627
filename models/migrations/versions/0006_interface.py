"""keys, webhooks and repeated requests of the interface

Revision: 0006
Follows: 0005
Made: 2026-11-25 12:55:00
"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

import models.base


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
