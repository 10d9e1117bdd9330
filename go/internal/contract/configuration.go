package contract

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A Configuration is a listener's options. What is nil is as shipped. Text is the line's own JSON, by which two are the same.
type Configuration struct {
	Name      string
	ListPause *time.Duration
	Text      string
}

// configurationKeys are the options that this program has; both roles are given the same configuration.
var configurationKeys = []string{"name", "list_pause_ms"}

func parseConfiguration(text json.RawMessage) (Configuration, error) {
	keys := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &keys); err != nil {
		return Configuration{}, rejectf("configuration: %v", err)
	}
	for _, key := range sortedKeys(keys) {
		if !slices.Contains(configurationKeys, key) {
			reason := "this program has " + strings.Join(configurationKeys, ", ")
			return Configuration{}, &Unsupported{Feature: "configuration:" + key, Reason: reason}
		}
	}
	var values struct {
		Name        string `json:"name"`
		ListPauseMS *int   `json:"list_pause_ms"`
	}
	if err := strictly(text, &values); err != nil {
		return Configuration{}, rejectf("configuration.%v", err)
	}
	configuration := Configuration{Name: values.Name, Text: string(text)}
	if values.ListPauseMS != nil {
		pause := time.Duration(*values.ListPauseMS) * time.Millisecond
		configuration.ListPause = &pause
	}
	return configuration, nil
}

func sortedKeys(keys map[string]json.RawMessage) []string {
	names := make([]string, 0, len(keys))
	for name := range keys {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
