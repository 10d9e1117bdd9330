// Package warehouse is what StockService answers, apart from any transport: proto/warehouse/stock.proto in Go.
package warehouse

import (
	"maps"
	"slices"
	"strings"

	"grpc-interop.example/go/gen/warehouse"
)

// reservedAtMost is how many pieces an order may ask for in all.
const reservedAtMost = 10

// Article is the article of this sku.
func Article(sku string) *warehouse.Article {
	labels := strings.Split(sku, "-")
	condition := warehouse.Condition_CONDITION_NEW
	if slices.Contains(labels, "used") {
		condition = warehouse.Condition_CONDITION_USED
	}
	return &warehouse.Article{
		Sku:       sku,
		Condition: condition,
		Size:      &warehouse.Size{LengthM: 2, WidthM: 0.5},
		Labels:    labels,
		Pieces:    map[string]int64{"front": 3, "back": 5_000_000_000},
		LeavesAt:  "12:30:00",
	}
}

// Reservation answers an order.
func Reservation(order *warehouse.Order) *warehouse.Reservation {
	var total int32
	var lines []*warehouse.Line
	for _, sku := range slices.Sorted(maps.Keys(order.GetPieces())) {
		pieces := order.GetPieces()[sku]
		total += pieces
		lines = append(lines, &warehouse.Line{Sku: sku, Pieces: pieces})
	}
	if total > reservedAtMost {
		return &warehouse.Reservation{OrderId: order.GetOrderId(), State: warehouse.State_STATE_SHORT}
	}
	return &warehouse.Reservation{OrderId: order.GetOrderId(), State: warehouse.State_STATE_RESERVED, Lines: lines}
}
