package contract

import "sync"

// maxIdle is how many channels are kept open that no call uses; beyond it the one that is longest unused is closed. A run has one
// shared channel for each server and configuration, some dozens; named ones come and go with their case.
const maxIdle = 128

// channels opens and keeps the channels that calls share.
type channels struct {
	dial func(target string) (Channel, error)
	mu   sync.Mutex
	open map[string]*shared
	tick int64
}

// shared is a channel with its users; it leaves the map when it is closed.
type shared struct {
	Channel
	owner *channels
	key   string
	users int
	used  int64
}

// Close ends the channel for everybody; the next call opens another.
func (s *shared) Close() {
	s.owner.mu.Lock()
	if s.owner.open[s.key] == s {
		delete(s.owner.open, s.key)
	}
	s.owner.mu.Unlock()
	s.Channel.Close()
}

// acquire finds the call's channel or opens it; release is to be called once when the call is over.
func (c *channels) acquire(call *Call) (channel Channel, release func(), err error) {
	if call.Channel == "fresh" {
		channel, err = c.dial(call.Target)
		if err != nil {
			return nil, nil, err
		}
		return channel, channel.Close, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := call.Channel + " " + call.Target + " " + call.Configuration.Text
	found, ok := c.open[key]
	if !ok {
		opened, err := c.dial(call.Target)
		if err != nil {
			return nil, nil, err
		}
		found = &shared{Channel: opened, owner: c, key: key}
		if c.open == nil {
			c.open = map[string]*shared{}
		}
		c.open[key] = found
	}
	found.users++
	return found, func() { c.release(found) }, nil
}

func (c *channels) release(channel *shared) {
	c.mu.Lock()
	channel.users--
	c.tick++
	channel.used = c.tick
	oldest := c.oldestIdle()
	c.mu.Unlock()
	if oldest != nil {
		oldest.Close()
	}
}

func (c *channels) oldestIdle() *shared {
	var oldest *shared
	idle := 0
	for _, channel := range c.open {
		if channel.users > 0 {
			continue
		}
		idle++
		if oldest == nil || channel.used < oldest.used {
			oldest = channel
		}
	}
	if idle <= maxIdle {
		return nil
	}
	return oldest
}

func (c *channels) closeAll() {
	c.mu.Lock()
	open := c.open
	c.open = nil
	c.mu.Unlock()
	for _, channel := range open {
		channel.Channel.Close()
	}
}
