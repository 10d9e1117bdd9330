package connectgo

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// connections is an HTTP client that speaks HTTP/2 without TLS, and that can be closed: net/http closes idle connections only, so
// that this one keeps those it opened.
type connections struct {
	client *http.Client
	mu     sync.Mutex
	open   map[net.Conn]struct{}
	closed bool
}

func dial() *connections {
	c := &connections{open: map[net.Conn]struct{}{}}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	c.client = &http.Client{Transport: &http.Transport{Protocols: &protocols, DialContext: c.dial}}
	return c
}

func (c *connections) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	kept := &connection{Conn: conn, owner: c}
	c.open[kept] = struct{}{}
	return kept, nil
}

// Close ends every connection, with the calls in flight on it.
func (c *connections) Close() {
	c.client.CloseIdleConnections()
	c.mu.Lock()
	c.closed = true
	open := c.open
	c.open = map[net.Conn]struct{}{}
	c.mu.Unlock()
	for conn := range open {
		_ = conn.Close() // a connection that is closed already is what was wanted
	}
}

// connection leaves its owner when it is closed.
type connection struct {
	net.Conn

	owner *connections
}

func (c *connection) Close() error {
	c.owner.mu.Lock()
	delete(c.owner.open, c)
	c.owner.mu.Unlock()
	return c.Conn.Close()
}
