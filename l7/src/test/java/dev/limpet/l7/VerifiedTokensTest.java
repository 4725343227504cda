package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
  private static final int SAME_SET = 0x7FFF;

  private final VerifiedTokens tokens = new VerifiedTokens();
  private final Random random = new Random(7);

  @Test
  void whatWasAdded_isFoundByItsText() {
    LbToken token = token();
    String text = token.encoded();
    tokens.add(token, spent -> false);

    assertThat(tokens.find(text, 0, text.length())).isSameAs(token);
    assertThat(tokens.find("a=" + text + "; b=c", 2, 2 + text.length())).isSameAs(token);
  }

  @Test
  void whatWasNotAdded_isNotFound() {
    tokens.add(token(), spent -> false);

    assertThat(find(token())).isNull();
  }

  @Test
  void everyBitCounts() {
    LbToken token = token();
    tokens.add(token, spent -> false);

    for (int bit = 0; bit < 33 * Byte.SIZE; bit++) {
      byte[] bytes = token.bytes();
      bytes[bit / Byte.SIZE] ^= (byte) (0x80 >> (bit % Byte.SIZE));
      String text = LbFixture.text(bytes);

      assertThat(tokens.find(text, 0, text.length())).as("bit %s", bit).isNull();
    }
  }

  @Test
  void otherSpellings_areNotFound() {
    LbToken token = token();
    String text = token.encoded();
    tokens.add(token, spent -> false);

    for (int i = 0; i < text.length(); i++) {
      for (String odd : new String[] {"+", "/", "=", " ", "\u0000", "\u0141", "\uff21"}) {
        assertThat(
                tokens.find(text.substring(0, i) + odd + text.substring(i + 1), 0, text.length()))
            .isNull();
      }
      assertThat(tokens.find(text, 0, i)).isNull();
      assertThat(tokens.find(text, i + 1, text.length())).isNull();
    }
    assertThat(tokens.find(text + "A", 0, text.length() + 1)).isNull();
  }

  @Test
  void aSet_keepsEightTokens() {
    List<LbToken> set = addToOneSet(VerifiedTokens.SET_SIZE);

    assertThat(set).allMatch(token -> find(token) == token);
  }

  @Test
  void aFullSet_losesOneTokenForEachNewOne() {
    List<LbToken> set = addToOneSet(VerifiedTokens.SET_SIZE);
    LbToken other = token(SAME_SET + 1);
    tokens.add(other, spent -> false);

    for (int i = 0; i < 100; i++) {
      LbToken token = token(SAME_SET);
      tokens.add(token, spent -> false);
      set.add(token);

      assertThat(find(token)).isSameAs(token);
      assertThat(set.stream().filter(t -> find(t) != null)).hasSize(VerifiedTokens.SET_SIZE);
    }
    assertThat(find(other)).isSameAs(other);
  }

  @Test
  void aFullSet_losesAnyToken() {
    List<LbToken> set = addToOneSet(VerifiedTokens.SET_SIZE);

    IntStream.range(0, 300).forEach(i -> tokens.add(token(SAME_SET), spent -> false));

    assertThat(set).allMatch(token -> find(token) == null);
  }

  @Test
  void aSpentToken_makesRoomBeforeOthers() {
    List<LbToken> set = addToOneSet(VerifiedTokens.SET_SIZE);
    LbToken spent = set.remove(5);

    tokens.add(token(SAME_SET), token -> token == spent);

    assertThat(find(spent)).isNull();
    assertThat(set).allMatch(token -> find(token) == token);
  }

  @Test
  void aSpentToken_isKeptAsLongAsThereIsRoom() {
    List<LbToken> set = addToOneSet(VerifiedTokens.SET_SIZE - 1);
    LbToken last = token(SAME_SET);

    tokens.add(last, spent -> true);

    assertThat(set).allMatch(token -> find(token) == token);
    assertThat(find(last)).isSameAs(last);
  }

  @Test
  void theOldestOfTheSpentTokens_makesRoom() {
    List<LbToken> set = addToOneSet(VerifiedTokens.SET_SIZE);
    LbToken oldest = set.remove(0);

    tokens.add(token(SAME_SET), token -> token == oldest || set.indexOf(token) > 2);

    assertThat(find(oldest)).isNull();
    assertThat(set).allMatch(token -> find(token) == token);
  }

  @Test
  void aTokenThatIsAddedAgain_takesNoMoreRoom() {
    List<LbToken> set = addToOneSet(VerifiedTokens.SET_SIZE);

    for (int i = 0; i < 20; i++) {
      tokens.add(LbFixture.token(set.get(3).encoded()), spent -> false);
    }

    assertThat(set).allMatch(token -> find(token) != null);
  }

  @Test
  void sixtyFiveThousandTokens_fit() {
    List<LbToken> all = Stream.generate(this::token).limit(65_536).toList();
    all.forEach(token -> tokens.add(token, spent -> false));

    assertThat(all.stream().filter(token -> find(token) == token).count())
        .isBetween(65_536L - 40, 65_536L);
  }

  @Test
  void encryptedTokens_areFoundToo() {
    TokenCipher cipher = new TokenCipher(new byte[32]);
    List<LbToken> all = Stream.<LbToken>generate(() -> EncryptedToken.of(cipher, 1, 90, 91, 5, 6))
        .limit(1000)
        .toList();
    all.forEach(token -> tokens.add(token, spent -> false));

    assertThat(all).allMatch(token -> find(token) == token);
    assertThat(find(EncryptedToken.of(cipher, 1, 90, 91, 5, 6))).isNull();
    for (int bit = 0; bit < 45 * Byte.SIZE; bit++) {
      byte[] bytes = all.get(0).bytes();
      bytes[bit / Byte.SIZE] ^= (byte) (0x80 >> (bit % Byte.SIZE));
      String text = LbFixture.text(bytes);

      assertThat(tokens.find(text, 0, text.length())).as("bit %s", bit).isNull();
    }
  }

  private List<LbToken> addToOneSet(int count) {
    List<LbToken> set = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LbToken token = token(SAME_SET);
      tokens.add(token, spent -> false);
      set.add(token);
    }
    return set;
  }

  private LbToken find(LbToken token) {
    String text = token.encoded();
    return tokens.find(text, 0, text.length());
  }

  private LbToken token() {
    return token(random.nextInt());
  }

  /** A token of a signature that ends so. */
  private LbToken token(int end) {
    byte[] mac = new byte[32];
    random.nextBytes(mac);
    mac[13] = (byte) (end >> 16);
    mac[14] = (byte) (end >> 8);
    mac[15] = (byte) end;
    return SignedToken.of(1, 90, 91, 5, 6).signed(mac);
  }
}
