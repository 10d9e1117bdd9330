"""What StockService answers, as pure functions: messages in, messages out. The specification is stock.proto."""

from __future__ import annotations

from collections import Counter

from warehouse import stock_pb2

# Above this many pieces an order is short.
RESERVED_AT_MOST = 10


def article(sku: str) -> stock_pb2.Article:
    labels = sku.split("-")
    return stock_pb2.Article(
        sku=sku,
        condition=stock_pb2.CONDITION_USED if "used" in labels else stock_pb2.CONDITION_NEW,
        size=stock_pb2.Size(length_m=2, width_m=0.5),
        labels=labels,
        pieces={"front": 3, "back": 5_000_000_000},
        leaves_at="12:30:00",
    )


def receipt(delivered: Counter[str]) -> stock_pb2.Receipt:
    return stock_pb2.Receipt(pieces=delivered)


def reservation(order: stock_pb2.Order) -> stock_pb2.Reservation:
    if sum(order.pieces.values()) > RESERVED_AT_MOST:
        return stock_pb2.Reservation(order_id=order.order_id, state=stock_pb2.STATE_SHORT)
    lines = [stock_pb2.Line(sku=sku, pieces=pieces) for sku, pieces in sorted(order.pieces.items())]
    return stock_pb2.Reservation(order_id=order.order_id, state=stock_pb2.STATE_RESERVED, lines=lines)
