"""scheduled jobs and reminders

Revision: 0007
Follows: 0006
Made: 2026-11-25 12:55:00
"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

import models.base


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'job_run',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('job', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            'outcome',
            sa.Enum(
                'running', 'done', 'not_set_up', 'failed', 'interrupted',
                name='job_outcome', native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column('counts', sa.JSON(), nullable=False),
        sa.Column('said', sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column('started_at', models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column('ended_at', models.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name=op.f('ck_job_run_ended_unless_running')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_job_run')),
    )
    with op.batch_alter_table('job_run', schema=None) as batch_op:
        batch_op.create_index('ix_job_run_job_id', ['job', 'id'], unique=False)

    op.create_table(
        'reminder',
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('matter', sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column('on_date', sa.Date(), nullable=False),
        sa.Column(
            'state',
            sa.Enum(
                'claimed', 'sent', 'failed',
                name='reminder_state', native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column('at', models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_reminder_person_id_person'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('person_id', 'matter', 'channel', 'on_date', name=op.f('pk_reminder')),
    )


def downgrade() -> None:
    op.drop_table('reminder')
    op.drop_table('job_run')
