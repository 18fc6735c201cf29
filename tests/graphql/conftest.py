from __future__ import annotations

import pytest

from tests.graphql.scene import Scene, make_scene


@pytest.fixture
def scene(db) -> Scene:
    return make_scene()
