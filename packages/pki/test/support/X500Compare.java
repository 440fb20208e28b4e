import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** Reads lines of two names, DER in hex, and prints a line for each: 1 equal, 0 not equal, ! refused. Run by test/name-java.test.ts. */
public class X500Compare {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    StringBuilder out = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] names = line.split(" ");
      try {
        X500Principal left = new X500Principal(HexFormat.of().parseHex(names[0]));
        X500Principal right = new X500Principal(HexFormat.of().parseHex(names[1]));
        boolean equal = left.equals(right);
        out.append(equal != right.equals(left) || (equal && left.hashCode() != right.hashCode()) ? '?' : equal ? '1' : '0').append('\n');
      } catch (IllegalArgumentException refused) {
        out.append("!\n");
      }
    }
    System.out.print(out);
  }
}
