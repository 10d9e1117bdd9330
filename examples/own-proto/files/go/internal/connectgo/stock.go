package connectgo

import (
	"context"
	"errors"
	"io"

	"connectrpc.com/connect"

	gen "grpc-interop.example/go/gen/warehouse"
	"grpc-interop.example/go/internal/warehouse"
)

// StockService answers warehouse.StockService.
type StockService struct{}

// FindArticle answers the article of a sku.
func (StockService) FindArticle(
	_ context.Context, request *connect.Request[gen.FindArticleRequest],
) (*connect.Response[gen.Article], error) {
	if request.Msg.GetSku() == "" {
		return nil, connect.NewError(connect.CodeInvalidArgument, errors.New("sku must not be empty"))
	}
	return connect.NewResponse(warehouse.Article(request.Msg.GetSku())), nil
}

// ListArticles streams the articles asked for.
func (StockService) ListArticles(
	_ context.Context, request *connect.Request[gen.ListArticlesRequest], stream *connect.ServerStream[gen.Article],
) error {
	for _, sku := range request.Msg.GetSkus() {
		if err := stream.Send(warehouse.Article(sku)); err != nil {
			return err
		}
	}
	return nil
}

// ReceiveDeliveries sums up what was delivered.
func (StockService) ReceiveDeliveries(
	_ context.Context, stream *connect.ClientStream[gen.Delivery],
) (*connect.Response[gen.Receipt], error) {
	pieces := map[string]int64{}
	for stream.Receive() {
		pieces[stream.Msg().GetSku()] += stream.Msg().GetPieces()
	}
	if err := stream.Err(); err != nil {
		return nil, err
	}
	return connect.NewResponse(&gen.Receipt{Pieces: pieces}), nil
}

// ReserveOrders answers each order as it comes.
func (StockService) ReserveOrders(_ context.Context, stream *connect.BidiStream[gen.Order, gen.Reservation]) error {
	for {
		order, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(warehouse.Reservation(order)); err != nil {
			return err
		}
	}
}
