import pytest

from support.tests.verdicts.workload.story import Story


@pytest.fixture
def story() -> Story:
    return Story()
