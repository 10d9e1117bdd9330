package contract

import "sync"

// Marks holds which marks of which calls were released. A release may come before its await.
type Marks struct {
	mu       sync.Mutex
	released kept[map[string]chan struct{}]
}

// Released is closed once the mark is released.
func (m *Marks) Released(callID, mark string) <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.gate(callID, mark)
}

// Release lets the awaits of this mark go on, those still to come too.
func (m *Marks) Release(callID, mark string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	gate := m.gate(callID, mark)
	select {
	case <-gate:
	default:
		close(gate)
	}
}

// Forget drops the marks of a call that is over.
func (m *Marks) Forget(callID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.released.drop(callID)
}

func (m *Marks) gate(callID, mark string) chan struct{} {
	gates := m.released.at(callID, func() map[string]chan struct{} { return map[string]chan struct{}{} })
	if gates[mark] == nil {
		gates[mark] = make(chan struct{})
	}
	return gates[mark]
}
