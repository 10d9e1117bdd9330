package contract

import (
	"strconv"
	"testing"
)

func TestKeptForgetsTheOldestOnly(t *testing.T) {
	var k kept[int]
	const many = 3*perGeneration + perGeneration/2 // the newest stand in two generations
	for n := range many {
		k.at(strconv.Itoa(n), func() int { return n })
	}
	if held := len(k.young) + len(k.old); held > 2*perGeneration {
		t.Errorf("%d are kept", held)
	}
	missing := func() int { return -1 }
	for n := many - perGeneration; n < many; n++ {
		if got := k.at(strconv.Itoa(n), missing); got != n {
			t.Fatalf("%d is %d", n, got)
		}
	}
	if got := k.at("0", missing); got != -1 {
		t.Errorf("the oldest is still %d", got)
	}
}

func TestMarksCountWheneverTheyCome(t *testing.T) {
	var marks Marks
	marks.Release("c1", "early")
	marks.Release("c1", "early")
	early, late, other := marks.Released("c1", "early"), marks.Released("c1", "late"), marks.Released("c2", "late")
	marks.Release("c1", "late")
	for name, test := range map[string]struct {
		gate <-chan struct{}
		open bool
	}{"before": {early, true}, "after": {late, true}, "another call's": {other, false}} {
		select {
		case <-test.gate:
			if !test.open {
				t.Errorf("%s: released", name)
			}
		default:
			if test.open {
				t.Errorf("%s: not released", name)
			}
		}
	}
	marks.Forget("c1")
	select {
	case <-marks.Released("c1", "early"):
		t.Error("a forgotten call's mark is still released")
	default:
	}
}
