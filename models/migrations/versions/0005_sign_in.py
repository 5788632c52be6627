"""sessions on the server

Revision: 0005
Follows: 0004
Made: 2026-11-25 12:55:00
"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

import models.base


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sign_in_session',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=True),
        sa.Column(
            'kind',
            sa.Enum('oidc', 'demo', name='sign_in_kind', native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column('started_at', models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column('seen_at', models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column('until', models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column('ended_at', models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            'ended_because',
            sa.Enum(
                'signed_out',
                'ended_by_admin',
                'deactivated',
                'identity_changed',
                'refused',
                name='session_end',
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            '(ended_at IS NULL) = (ended_because IS NULL)', name=op.f('ck_sign_in_session_an_end_has_a_reason')
        ),
        sa.CheckConstraint(
            'person_id IS NOT NULL OR ended_at IS NOT NULL', name=op.f('ck_sign_in_session_somebodys_while_open')
        ),
        sa.CheckConstraint('until > started_at', name=op.f('ck_sign_in_session_lasts_a_while')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_session_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_session')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_session_token_hash')),
    )
    op.create_index(op.f('ix_sign_in_session_person_id'), 'sign_in_session', ['person_id'])
    op.create_index(op.f('ix_sign_in_session_until'), 'sign_in_session', ['until'])
    op.create_table(
        'sign_in_identity',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('issuer', sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column('since', models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_identity_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_identity')),
        sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_sign_in_identity_issuer_subject')),
    )
    op.create_index(op.f('ix_sign_in_identity_person_id'), 'sign_in_identity', ['person_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_sign_in_identity_person_id'), table_name='sign_in_identity')
    op.drop_table('sign_in_identity')
    op.drop_index(op.f('ix_sign_in_session_until'), table_name='sign_in_session')
    op.drop_index(op.f('ix_sign_in_session_person_id'), table_name='sign_in_session')
    op.drop_table('sign_in_session')
