"""The suite's own machinery: the real PostgreSQL and the real browser are what they say."""

from sqlalchemy import create_engine, text


def test_a_postgresql_database_is_new_and_empty(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar_one()
    engine.dispose()

    assert tables == 0


def test_every_test_has_a_postgresql_database_of_its_own(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id integer)"))
    engine.dispose()
