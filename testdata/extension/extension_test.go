package main

import (
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
)

func TestPatientKeepsItsWord(t *testing.T) { pathtest.Check(t, patient()) }
