package contract

// perGeneration bounds what is remembered of calls that nobody asks for any more (a release or an attempt that came after its call
// was collected): an entry goes once between one and two times as many newer ones came. A run has some hundred calls in flight.
const perGeneration = 4096

// kept is a map that forgets by generations. It is not safe for use by many goroutines.
type kept[V any] struct {
	young, old map[string]V
}

// at is the entry of this name, which create makes if there is none.
func (k *kept[V]) at(name string, create func() V) V {
	if value, ok := k.young[name]; ok {
		return value
	}
	value, ok := k.old[name]
	if !ok {
		value = create()
	}
	if k.young == nil || len(k.young) >= perGeneration {
		k.old, k.young = k.young, map[string]V{}
	}
	k.young[name] = value
	return value
}

func (k *kept[V]) drop(name string) {
	delete(k.young, name)
	delete(k.old, name)
}
