"""The handlers of StockService: what a user would write around ``stock``. They know nothing of the harness."""

# ruff: noqa: N802  (gRPC names the methods)

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import grpc
from warehouse import stock_pb2, stock_pb2_grpc

from userservice import stock
from userservice.threads.handlers import ask_again


class StockService(stock_pb2_grpc.StockServiceServicer):
    def FindArticle(self, request: stock_pb2.FindArticleRequest, context: grpc.ServicerContext) -> stock_pb2.Article:
        if not request.sku:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "sku must not be empty")
        return stock.article(request.sku)

    def ListArticles(
        self, request: stock_pb2.ListArticlesRequest, context: grpc.ServicerContext
    ) -> Iterator[stock_pb2.Article]:
        yield from map(stock.article, request.skus)

    def ReceiveDeliveries(
        self, request_iterator: Iterator[stock_pb2.Delivery], context: grpc.ServicerContext
    ) -> stock_pb2.Receipt:
        delivered: Counter[str] = Counter()
        for delivery in request_iterator:
            delivered[delivery.sku] += delivery.pieces
        ask_again(request_iterator)
        return stock.receipt(delivered)

    def ReserveOrders(
        self, request_iterator: Iterator[stock_pb2.Order], context: grpc.ServicerContext
    ) -> Iterator[stock_pb2.Reservation]:
        yield from map(stock.reservation, request_iterator)
