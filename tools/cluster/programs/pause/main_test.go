package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if os.Getenv("PAUSE") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestItReapsTheChildrenLeftToItAndEndsQuietlyWhenToldTo(t *testing.T) {
	for _, told := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		pause := start(t)
		if isGone(pause.child) {
			t.Fatal("the child that waits for its input has ended")
		}
		_ = pause.input.Close()
		// Whoever reaps listens to signals.
		await(t, func() bool { return isGone(pause.child) })
		if err := pause.command.Process.Signal(told); err != nil {
			t.Fatal(err)
		}
		if err := pause.command.Wait(); err != nil {
			t.Errorf("%v: %v", told, err)
		}
	}
}

// started is this program with a child, which ends with its input.
type started struct {
	command *exec.Cmd
	input   io.WriteCloser
	child   string
}

func start(t *testing.T) started {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := `exec 3<&0; cat <&3 >&2 & echo $!; exec "$0" 3<&-`
	command := exec.Command("sh", "-c", script, self)
	command.Env = append(os.Environ(), "PAUSE=1")
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = input.Close(), command.Process.Kill() })
	lines := bufio.NewScanner(output)
	if !lines.Scan() {
		t.Fatal("the shell said nothing")
	}
	return started{command, input, lines.Text()}
}

func isGone(pid string) bool {
	_, err := os.Stat("/proc/" + pid)
	return os.IsNotExist(err)
}

func await(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not come to pass in 20 s")
		}
	}
}
