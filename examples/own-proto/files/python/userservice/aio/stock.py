"""The handlers of StockService: what a user would write around ``stock``. They know nothing of the harness."""

# ruff: noqa: N802  (gRPC names the methods)

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import grpc
from warehouse import stock_pb2, stock_pb2_grpc

from userservice import stock
from userservice.aio.handlers import ask_again

_Context = grpc.aio.ServicerContext[Any, Any]


class StockService(stock_pb2_grpc.StockServiceServicer):
    async def FindArticle(self, request: stock_pb2.FindArticleRequest, context: _Context) -> stock_pb2.Article:
        if not request.sku:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "sku must not be empty")
        return stock.article(request.sku)

    async def ListArticles(
        self, request: stock_pb2.ListArticlesRequest, context: _Context
    ) -> AsyncIterator[stock_pb2.Article]:
        for sku in request.skus:
            yield stock.article(sku)

    async def ReceiveDeliveries(
        self, request_iterator: AsyncIterator[stock_pb2.Delivery], context: _Context
    ) -> stock_pb2.Receipt:
        delivered: Counter[str] = Counter()
        async for delivery in request_iterator:
            delivered[delivery.sku] += delivery.pieces
        await ask_again(context)
        return stock.receipt(delivered)

    async def ReserveOrders(
        self, request_iterator: AsyncIterator[stock_pb2.Order], context: _Context
    ) -> AsyncIterator[stock_pb2.Reservation]:
        async for order in request_iterator:
            yield stock.reservation(order)
