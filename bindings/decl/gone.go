package decl

import (
	"errors"
	"syscall"

	"nlsh/nlcore"
)

// alreadyGone counts the deletions that failed only because the object went
// meanwhile, by itself or with another (a secondary address with its primary
// one). Any other failure is returned.
func alreadyGone(err error) (int, error) {
	var batch *nlcore.BatchError
	var one *nlcore.Error
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &batch):
		n := 0
		var rest []*nlcore.Error
		for _, e := range batch.Errors {
			if isGone(e.Errno) {
				n++
			} else {
				rest = append(rest, e)
			}
		}
		if len(rest) > 0 {
			return n, &nlcore.BatchError{Errors: rest, Total: batch.Total}
		}
		return n, nil
	case errors.As(err, &one) && isGone(one.Errno):
		return 1, nil
	}
	return 0, err
}

func isGone(no syscall.Errno) bool {
	switch no {
	case syscall.ENOENT, syscall.ESRCH, syscall.ENODEV, syscall.EADDRNOTAVAIL:
		return true
	}
	return false
}
