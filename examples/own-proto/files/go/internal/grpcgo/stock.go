package grpcgo

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	gen "grpc-interop.example/go/gen/warehouse"
	"grpc-interop.example/go/internal/warehouse"
)

// StockService answers warehouse.StockService.
type StockService struct {
	gen.UnimplementedStockServiceServer
}

// FindArticle answers the article of a sku.
func (StockService) FindArticle(_ context.Context, request *gen.FindArticleRequest) (*gen.Article, error) {
	if request.GetSku() == "" {
		return nil, status.Error(codes.InvalidArgument, "sku must not be empty")
	}
	return warehouse.Article(request.GetSku()), nil
}

// ListArticles streams the articles asked for.
func (StockService) ListArticles(request *gen.ListArticlesRequest, stream grpc.ServerStreamingServer[gen.Article]) error {
	for _, sku := range request.GetSkus() {
		if err := stream.Send(warehouse.Article(sku)); err != nil {
			return err
		}
	}
	return nil
}

// ReceiveDeliveries sums up what was delivered.
func (StockService) ReceiveDeliveries(stream grpc.ClientStreamingServer[gen.Delivery, gen.Receipt]) error {
	pieces := map[string]int64{}
	for {
		delivery, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(&gen.Receipt{Pieces: pieces})
		}
		if err != nil {
			return err
		}
		pieces[delivery.GetSku()] += delivery.GetPieces()
	}
}

// ReserveOrders answers each order as it comes.
func (StockService) ReserveOrders(stream grpc.BidiStreamingServer[gen.Order, gen.Reservation]) error {
	for {
		order, err := stream.Recv()
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
