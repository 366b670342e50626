// Package embed holds that a module outside the project can embed nlsh and test
// networks with nlshtest, as the README says.
package embed
