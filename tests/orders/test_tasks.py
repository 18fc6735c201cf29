import pytest

from saleor_cdkeys import beat, tasks
from tests.factories.cdkeys import buy, make_key_product


def test_a_sweep_waits_in_the_queue_for_a_while_and_not_for_ever(settings):
    settings.CDKEYS_SWEEP_SECONDS = 7
    settings.CELERY_BEAT_SCHEDULE = {}
    beat.schedule()
    assert settings.CELERY_BEAT_SCHEDULE == {
        "cdkeys-sweep": {
            "task": "saleor_cdkeys.tasks.sweep",
            "schedule": 7.0,
            "options": {"expires": 70.0},
        }
    }


@pytest.mark.django_db
def test_what_a_sweep_hands_out_goes_unread_after_the_next_sweep(channel, monkeypatch, settings):
    settings.CDKEYS_SWEEP_SECONDS = 7
    handed_out = []
    monkeypatch.setattr(
        tasks.run_order, "apply_async", lambda args, **options: handed_out.append((args, options))
    )
    order = buy(channel=channel, lines=[(make_key_product(channel=channel), 1)])
    tasks.sweep()
    assert handed_out == [((str(order.pk),), {"expires": 7.0})]
