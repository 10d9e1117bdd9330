package contract

import (
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// NewReady describes this program and the modules that take part, by the versions that were built in.
func NewReady(implementation string, modules ...string) Ready {
	libraries := map[string]string{}
	if built, ok := debug.ReadBuildInfo(); ok {
		for _, module := range built.Deps {
			if slices.Contains(modules, module.Path) {
				libraries[module.Path] = strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return Ready{
		Implementation: implementation,
		Language:       "go " + strings.TrimPrefix(runtime.Version(), "go"),
		Libraries:      libraries,
		PID:            os.Getpid(),
	}
}
